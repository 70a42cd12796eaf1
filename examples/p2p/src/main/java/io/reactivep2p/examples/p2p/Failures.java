package io.reactivep2p.examples.p2p;

import io.reactivep2p.swarm.DialException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import reactor.core.Exceptions;

/** How failures are told: as one {@code error} event without a stack trace, which {@code --verbose} prints to stderr beside it. */
final class Failures {

    private final Main main;

    Failures(Main main) {
        this.main = main;
    }

    /** The command line is wrong. */
    int onUsage(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        main.parsed(command, List.of(arguments));
        Console console = main.console();
        Throwable cause = failure.getCause();
        if (cause instanceof IllegalArgumentException) {
            console.tell(new CliEvent.Failed(cause.getClass().getSimpleName(), label(failure) + message(cause)));
        } else {
            console.tell(new CliEvent.Failed("UsageException", message(failure).replaceFirst("^Error: ", "")));
            if (!UnmatchedArgumentException.printSuggestions(
                    failure, main.environment().err())) {
                console.remark("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
            }
        }
        trace(failure);
        return ExitCode.USAGE;
    }

    private static String label(ParameterException failure) {
        ArgSpec argument = failure.getArgSpec();
        if (argument == null) {
            return "";
        }
        return (argument instanceof CommandLine.Model.OptionSpec option ? option.longestName() : argument.paramLabel())
                + ": ";
    }

    /** The command failed. */
    int onExecution(Exception failure) {
        Throwable cause = Exceptions.unwrap(failure);
        if (cause instanceof DialException dial) {
            main.console().tell(new CliEvent.Failed("DialException", describe(dial)));
        } else {
            main.console().tell(new CliEvent.Failed(type(cause), message(cause)));
        }
        trace(cause);
        return cause instanceof MalformedOptionException ? ExitCode.USAGE : ExitCode.SOFTWARE;
    }

    /** One line for each address. */
    private static String describe(DialException dial) {
        if (dial.attempts().isEmpty()) {
            return message(dial);
        }
        StringBuilder text = new StringBuilder("cannot dial ")
                .append(dial.peer().map(Object::toString).orElse("the address"));
        dial.attempts()
                .forEach((address, cause) ->
                        text.append('\n').append(address).append(": ").append(message(cause)));
        return text.toString();
    }

    private static String type(Throwable cause) {
        Throwable inner = cause.getCause();
        return (cause instanceof UncheckedIOException && inner != null ? inner : cause)
                .getClass()
                .getSimpleName();
    }

    private static String message(Throwable cause) {
        @Nullable String message = cause.getMessage();
        if (message == null) {
            return cause instanceof TimeoutException
                    ? "no answer in time"
                    : cause.getClass().getSimpleName();
        }
        return message;
    }

    private void trace(Throwable failure) {
        if (main.isVerbose()) {
            failure.printStackTrace(main.environment().err());
        }
    }
}
