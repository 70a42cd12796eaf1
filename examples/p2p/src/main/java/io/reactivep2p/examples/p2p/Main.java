package io.reactivep2p.examples.p2p;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The {@code p2p} command. */
@Command(
        name = "p2p",
        description = "A libp2p node for the shell: identify, ping, perf, pipes and topics.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all went well",
            "1:it failed: an address that cannot be reached or bound, a key file that cannot be read, ...",
            "2:the command line cannot be understood: an unknown option, a malformed address, ..."
        },
        scope = ScopeType.INHERIT,
        subcommands = {
            NodeCommand.class,
            IdCommand.class,
            PingCommand.class,
            PerfCommand.class,
            PipeCommand.class,
            IdentifyCommand.class,
            SubCommand.class,
            PubCommand.class,
            ChatCommand.class
        })
public final class Main {

    private final Environment environment;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "For programs: one JSON object per line on stdout, failures too; logs go to stderr.")
    private boolean json;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Log what happens, and print stack traces, to stderr.")
    private boolean verbose;

    private @Nullable Console console;

    Main(Environment environment) {
        this.environment = environment;
    }

    public static void main(String[] arguments) {
        Interruption interruption = new Interruption();
        int code = run(Environment.ofProcess(interruption::asked), arguments);
        interruption.ended(code);
        System.exit(code);
    }

    /** Runs one command line to its end. Returns the exit code. */
    static int run(Environment environment, String... arguments) {
        Main main = new Main(environment);
        Failures failures = new Failures(main);
        CommandLine commandLine = new CommandLine(main);
        OptionValues.registerWith(commandLine);
        return commandLine
                .setOut(new PrintWriter(environment.out(), true, Charset.defaultCharset()))
                .setErr(new PrintWriter(environment.err(), true, Charset.defaultCharset()))
                .setColorScheme(CommandLine.Help.defaultColorScheme(environment.colour() ? Ansi.ON : Ansi.OFF))
                .setParameterExceptionHandler(failures::onUsage)
                .setExecutionExceptionHandler((failure, command, parsed) -> failures.onExecution(failure))
                .setExecutionStrategy(parsed -> {
                    List<CommandLine> commands = parsed.asCommandLineList();
                    main.parsed(commands.get(commands.size() - 1), List.of());
                    return new CommandLine.RunLast().execute(parsed);
                })
                .execute(arguments);
    }

    /**
     * The command is known now, so it is clear who reads; called before it runs, and before anything logs.
     *
     * @param raw the arguments where they were understood in part only, and {@code --json} may be among the rest
     */
    void parsed(CommandLine command, List<String> raw) {
        boolean forProgram = json || raw.contains("--json");
        // What pipe writes to stdout is data.
        boolean stdoutIsData = command.getCommand() instanceof PipeCommand;
        if (forProgram) {
            console = new JsonConsole(stdoutIsData ? environment.err() : environment.out());
        } else if (stdoutIsData) {
            console = new HumanConsole(environment.err(), environment.err(), false, false);
        } else {
            console = new HumanConsole(
                    environment.out(), environment.err(), environment.terminal(), environment.colour());
        }
        if (verbose) {
            System.setProperty("org.slf4j.simpleLogger.log.io.reactivep2p", "debug");
            System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "info");
        }
    }

    Environment environment() {
        return environment;
    }

    Console console() {
        Console known = console;
        if (known == null) {
            throw new IllegalStateException("the command line has not been parsed");
        }
        return known;
    }

    boolean isVerbose() {
        return verbose;
    }

    /** From the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"p2p " + (version == null ? "(not from a jar)" : version)};
        }
    }
}
