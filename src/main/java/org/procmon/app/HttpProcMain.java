package org.procmon.app;

import java.util.List;
import org.procmon.bytes.LaunchContext;
import org.procmon.cli.console.Console;
import org.procmon.httpproc.HttpProc;
import org.procmon.pair.SignalHandlers;

/** The program {@code http_proc}. */
public final class HttpProcMain {
    private HttpProcMain() {}

    public static void main(String[] args) {
        Console console = Console.system(() -> {});
        FatalExceptionHandler bugs = new FatalExceptionHandler("http_proc", console.err());
        // Also for threads that other code has made.
        bugs.install();
        int code =
                HttpProc.run(
                        LaunchContext.arguments(args),
                        console.environment(),
                        console.out(),
                        console.err(),
                        HttpProcMain::whenAskedToEnd,
                        bugs);
        console.out().flush();
        console.err().flush();
        System.exit(code);
    }

    private static void whenAskedToEnd(Runnable end) {
        for (String name : List.of("TERM", "INT", "QUIT")) {
            SignalHandlers.on(name, end);
        }
    }
}
