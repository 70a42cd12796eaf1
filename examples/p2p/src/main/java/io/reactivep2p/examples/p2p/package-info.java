/**
 * The {@code p2p} command: a libp2p node for the shell, for scripts, and to read as an example.
 *
 * <pre>
 *   Main ── NodeCommand  IdCommand  PingCommand  PerfCommand  PipeCommand  IdentifyCommand  SubCommand  PubCommand  ChatCommand
 *             │ do something with a {@link io.reactivep2p.host.Host} and tell what came of it
 *             ▼
 *          CliEvent ──▶ Console ──▶ HumanConsole   colours and bars, where a person watches
 *                          └──────▶ JsonConsole    one JSON object per line, where a program reads
 * </pre>
 *
 * <p>Results go to stdout; remarks, errors for people, and logs go to stderr. With {@code --json} errors are objects on stdout, too.
 * {@code p2p pipe} is the exception: its stdout is the stream's data, so its events go to stderr.
 *
 * <p>Exit codes: 0 all went well, 1 it failed, 2 the command line cannot be understood.
 *
 * <p>Commands run on the main thread and may block; they never block an event loop.
 */
@NullMarked
package io.reactivep2p.examples.p2p;

import org.jspecify.annotations.NullMarked;
