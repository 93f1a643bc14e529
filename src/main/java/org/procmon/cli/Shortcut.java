package org.procmon.cli;

import org.jspecify.annotations.Nullable;

/** The one-letter flags that stand for a command. */
enum Shortcut {
    LIST("-l", "", Action.LIST),
    START("-s", "NAME", Action.START),
    STOP("-k", "NAME", Action.STOP),
    RESTART("-r", "NAME", Action.RESTART),
    DELETE("-d", "NAME", Action.DELETE),
    SHUTDOWN("-x", "", Action.SHUTDOWN),
    RUN("-f", "FILE", Action.RUN),
    RUN_PRIMARY("-F", "FILE", Action.RUN);

    final String flag;
    final String value;
    final Action action;

    Shortcut(String flag, String value, Action action) {
        this.flag = flag;
        this.value = value;
        this.action = action;
    }

    static @Nullable Shortcut ofFlag(String flag) {
        for (Shortcut shortcut : values()) {
            if (shortcut.flag.equals(flag)) {
                return shortcut;
            }
        }
        return null;
    }
}
