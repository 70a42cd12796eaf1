package io.reactivep2p.examples.p2p;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * What a command finds around it.
 *
 * @param terminal whether {@code out} is a terminal
 * @param colour whether it is to be coloured
 * @param interruption completes when the command is told to end, for example by Ctrl-C; asking for it means to take care of that
 */
record Environment(
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean terminal,
        boolean colour,
        Supplier<Mono<Void>> interruption) {

    static Environment ofProcess(Supplier<Mono<Void>> interruption) {
        String noColour = System.getenv("NO_COLOR");
        boolean terminal = isTerminal();
        // System.in would read ahead in pieces of 8 KiB.
        return new Environment(
                new FileInputStream(FileDescriptor.in),
                System.out,
                System.err,
                terminal,
                terminal && (noColour == null || noColour.isEmpty()),
                interruption);
    }

    /**
     * Whether a person watches. Until JDK 21 there is a console only where stdin and stdout are a terminal; since JDK 22 there always
     * is one, which knows.
     */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException untilJdk21) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
