package org.procmon.app;

import org.procmon.bytes.LaunchContext;
import org.procmon.cli.CommandLine;
import org.procmon.cli.console.Console;

/** The program {@code procmon}: the commands, and the monitor. */
public final class ProcmonMain {
    private ProcmonMain() {}

    public static void main(String[] args) {
        Console console = Console.system(StdoutReader::endWith);
        System.exit(
                CommandLine.run(
                        LaunchContext.arguments(args),
                        console,
                        (file, options) -> {
                            new FatalExceptionHandler("procmon", console.err()).install();
                            return new Monitor(console.err(), console.environment())
                                    .run(file, options);
                        },
                        (spec, environment) -> new ConfigInspector().inspect(spec, environment)));
    }
}
