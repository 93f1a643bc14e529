package org.procmon.app;

import java.util.List;
import org.procmon.bytes.LaunchContext;
import org.procmon.cli.console.Console;
import org.procmon.fcgiproc.FcgiProc;
import org.procmon.pair.SignalHandlers;

/** The program {@code fcgi_proc}. */
public final class FcgiProcMain {
    private FcgiProcMain() {}

    public static void main(String[] args) {
        Console console = Console.system(() -> {});
        FatalExceptionHandler bugs = new FatalExceptionHandler("fcgi_proc", console.err());
        // Also for threads that other code has made.
        bugs.install();
        int code =
                FcgiProc.run(
                        LaunchContext.arguments(args),
                        console.environment(),
                        console.out(),
                        console.err(),
                        FcgiProcMain::whenAskedToEnd,
                        bugs);
        console.out().flush();
        console.err().flush();
        System.exit(code);
    }

    /**
     * SIGUSR1 is the signal by which web servers ask a FastCGI program to finish its requests and
     * exit.
     */
    private static void whenAskedToEnd(Runnable end) {
        for (String name : List.of("TERM", "INT", "HUP", "QUIT", "USR1")) {
            SignalHandlers.on(name, end);
        }
    }
}
