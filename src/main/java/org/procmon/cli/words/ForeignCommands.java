package org.procmon.cli.words;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The commands of other supervisors, and what does the same here. */
public final class ForeignCommands {
    private static final Map<String, String> ANSWERS = new HashMap<>();

    static {
        put(
                "'procmon list' shows the processes",
                "ps",
                "ls",
                "show",
                "avail",
                "processes",
                "jlist");
        put("'procmon explain NAME' shows what is known of a process", "info", "describe", "why");
        put("'procmon logs -f NAME' shows the output", "log", "fg", "attach", "maintail");
        put("'procmon list --watch' shows the table again and again", "monit", "top", "dash", "ui");
        put(
                "'procmon stop all' stops the processes, 'procmon shutdown' the monitor too",
                "down",
                "quit",
                "exit");
        put("'procmon run FILE' starts a monitor", "daemon", "launch", "serve", "supervisor");
        put("'procmon stop NAME' stops a process, 'procmon signal NAME KILL' kills it", "kill");
        put(
                "a process starts unless its configuration has \"skip\": true; 'procmon start NAME'"
                        + " starts it now",
                "enable",
                "startup",
                "unskip");
        put(
                "\"skip\": true in its configuration keeps a process from starting;"
                        + " 'procmon stop NAME' stops it now",
                "disable",
                "unstartup",
                "skip");
        put("'procmon --version' shows the version", "version");
        put(
                "'procmon reload' applies the changed configuration",
                "update",
                "reread",
                "daemon-reload",
                "refresh",
                "apply",
                "add");
        put("'procmon delete NAME' stops and forgets a process", "remove", "rm", "del", "clear");
        put("'procmon check FILE' checks a configuration", "configtest", "validate", "verify");
        put("'procmon status NAME' also has an exit code", "is-active", "is-running", "pid");
        put("'procmon upgrade' replaces the monitors by the installed version", "daemon-reexec");
        put("'procmon reopen' opens the log files again", "flush", "reloadlogs", "rotate");
        put("'procmon explain NAME' and 'procmon events' show the reason", "doctor");
    }

    private ForeignCommands() {}

    private static void put(String answer, String... words) {
        for (String word : words) {
            ANSWERS.put(word, answer);
        }
    }

    /** {@code ; 'procmon list' shows the processes}, or nothing for a word that nobody has. */
    public static String answer(String word) {
        String answer = ANSWERS.get(word.toLowerCase(Locale.ROOT));
        return answer == null ? "" : "; " + answer;
    }
}
