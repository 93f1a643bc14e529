package org.procmon.cli;

import org.procmon.cli.console.Console;

/** Says whose output follows, when it is not that of the same process as before. Any thread. */
final class TailHeadings {
    private final Console console;
    private String last = "";

    TailHeadings(Console console) {
        this.console = console;
    }

    /** Prints something of a process without anything of another in between. */
    synchronized void print(String name, Runnable output) {
        if (!name.equals(last)) {
            console.out().print((last.isEmpty() ? "" : "\n") + "==> " + name + " <==\n");
            last = name;
        }
        output.run();
        console.out().flush();
    }
}
