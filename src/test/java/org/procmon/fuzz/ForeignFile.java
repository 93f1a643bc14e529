package org.procmon.fuzz;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.procmon.importing.SourceFormat;

/**
 * A file of another supervisor.
 *
 * @param head what comes before the settings
 * @param settings of which each says something else than its default
 * @param damage what was done to the text; empty for nothing
 * @param separator between a key and its value
 */
record ForeignFile(
        String head,
        Map<String, String> settings,
        String damage,
        String separator,
        List<String> unknown) {
    private static final List<String> ODD =
            List.of(
                    "%",
                    "%%",
                    "%(ENV_Q)s",
                    "%(ENV_ESC)s",
                    "%(ENV_NOT)s",
                    "%(x",
                    "%i",
                    "%h",
                    "$X",
                    "${X}",
                    "$$",
                    "'",
                    "\"",
                    "\\",
                    "\\x1b",
                    "\\u00e4",
                    "\\",
                    "~",
                    "-",
                    ":",
                    ";",
                    " ; ",
                    "#",
                    "\t",
                    "[",
                    "]",
                    "=",
                    ",",
                    "\u202e",
                    "\udb40\udc41",
                    "\u20ac",
                    "/a/b",
                    "0",
                    "-1",
                    "99999999999999999999",
                    "1min 5s",
                    "infinity",
                    "true",
                    "\u0001",
                    "\n",
                    "\r\n",
                    "\\\n",
                    "*",
                    "?",
                    "{",
                    "!",
                    "|",
                    "&",
                    "<",
                    ">",
                    "(",
                    ")",
                    "`",
                    "\u0000");

    private static <T> T any(List<T> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }

    static ForeignFile of(SourceFormat format, Random random) {
        Map<String, String> all =
                switch (format) {
                    case SYSTEMD -> unit();
                    case SUPERVISORD -> program();
                    case PROCFILE -> entries();
                };
        Map<String, String> settings = new LinkedHashMap<>();
        List<String> keys = new ArrayList<>(all.keySet());
        Collections.shuffle(keys, random);
        for (String key : keys.subList(0, random.nextInt(keys.size() / 2) + 1)) {
            settings.put(key, all.getOrDefault(key, ""));
        }
        List<String> unknown = new ArrayList<>();
        boolean entries = format == SourceFormat.PROCFILE;
        for (int count = entries ? 0 : random.nextInt(3); count > 0; count--) {
            String key = "zz" + random.nextInt(1000);
            unknown.add(key);
            settings.put(key, any(ODD, random).strip() + "x");
        }
        String damage = "";
        if (random.nextInt(3) == 0) {
            StringBuilder odd = new StringBuilder();
            for (int count = 1 + random.nextInt(3); count > 0; count--) {
                odd.append(any(ODD, random));
            }
            damage = odd.toString();
            if (!settings.isEmpty()) {
                String key = any(new ArrayList<>(settings.keySet()), random);
                String value = settings.getOrDefault(key, "");
                int at = random.nextInt(value.length() + 1);
                settings.put(key, value.substring(0, at) + damage + value.substring(at));
            }
        }
        String head =
                switch (format) {
                    case SYSTEMD -> "[Service]\nExecStart=/bin/x ${A} $B c\n";
                    case SUPERVISORD -> "[program:web]\ncommand=/bin/x %(ENV_N)s %(process_num)d\n";
                    case PROCFILE -> "always: run\n";
                };
        return new ForeignFile(head, settings, damage, entries ? ": " : "=", unknown);
    }

    private static Map<String, String> map(String... pairs) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }

    /** Settings of a service, with values that are not the defaults. */
    private static Map<String, String> unit() {
        return map(
                "Type", "notify",
                "Environment", "A=1 \"B=b b\" 'C=c'",
                "EnvironmentFile", "-/etc/default/x",
                "PassEnvironment", "HOME Q",
                "UnsetEnvironment", "LANG",
                "WorkingDirectory", "/srv",
                "User", "nobody",
                "Group", "daemon",
                "SupplementaryGroups", "adm daemon",
                "UMask", "0027",
                "Nice", "-5",
                "NoNewPrivileges", "yes",
                "CapabilityBoundingSet", "CAP_CHOWN CAP_KILL",
                "RootDirectory", "/srv/root",
                "LimitNOFILE", "1024:2048",
                "LimitAS", "4G",
                "LimitCPU", "1min",
                "LimitNICE", "+5",
                "Restart", "on-failure",
                "RestartSec", "5",
                "SuccessExitStatus", "3 SIGUSR1",
                "RestartPreventExitStatus", "255",
                "RestartForceExitStatus", "2",
                "KillMode", "mixed",
                "KillSignal", "SIGQUIT",
                "FinalKillSignal", "SIGABRT",
                "SendSIGHUP", "yes",
                "SendSIGKILL", "no",
                "TimeoutStopSec", "7s",
                "TimeoutStartSec", "8s",
                "WatchdogSec", "30",
                "RuntimeMaxSec", "1h",
                "MemoryMax", "512M",
                "ExecStartPre", "-/bin/pre \\x41 ; /bin/more",
                "ExecStartPost", "/bin/post",
                "ExecStop", "/bin/stop",
                "ExecStopPost", "/bin/after 'a b'",
                "ExecReload", "/bin/kill -HUP $MAINPID",
                "StandardInput", "file:/etc/hosts",
                "StandardOutput", "append:/var/log/x",
                "StandardError", "null",
                "RuntimeDirectory", "x",
                "OOMScoreAdjust", "-5",
                "PrivateTmp", "yes",
                "RemainAfterExit", "yes",
                "IgnoreSIGPIPE", "yes",
                "PIDFile", "/run/x.pid");
    }

    /** Settings of a program, with values that are not the defaults. */
    private static Map<String, String> program() {
        return map(
                "process_name", "%(program_name)s-%(process_num)02d",
                "numprocs", "%(ENV_N)s",
                "numprocs_start", "4",
                "directory", "/srv/%(ENV_N)s",
                "environment", "A=\"1\",B='x,y',C=%(ENV_HOME)s",
                "priority", "5",
                "autostart", "false",
                "autorestart", "true",
                "exitcodes", "0,2",
                "startsecs", "3",
                "startretries", "4",
                "stopsignal", "INT",
                "stopwaitsecs", "9",
                "stopasgroup", "true",
                "redirect_stderr", "true",
                "stdout_logfile", "/log/%(process_num)d",
                "stdout_logfile_maxbytes", "5MB",
                "stdout_logfile_backups", "2",
                "stderr_syslog", "true",
                "stdout_events_enabled", "true",
                "user", "nobody",
                "umask", "027",
                "serverurl", "unix:///x");
    }

    private static Map<String, String> entries() {
        return map(
                "web", "bin/web -p $PORT 'a b' \"c\"",
                "worker", "A=1 bin/worker > log 2>&1",
                "css", "yarn --watch",
                "release", "rake db:migrate",
                "a_b", "cd x && ./y; z",
                "n-1", "exec java -jar x.jar",
                "pipe", "cat f | sort",
                "quoted", "'a b'/c \\d",
                "deep", "sh -c 'sh -c \"$X\"'");
    }

    boolean isDamaged() {
        return !damage.isEmpty();
    }

    String text() {
        return without("");
    }

    String without(String left) {
        StringBuilder text = new StringBuilder(head);
        settings.forEach((key, value) -> {
            if (!key.equals(left)) {
                text.append(key).append(separator).append(value).append('\n');
            }
        });
        return text.toString();
    }

    /** One whose loss must show; the order alone that a priority makes does not, of one program. */
    String anyKey(Random random) {
        List<String> keys = new ArrayList<>(settings.keySet());
        keys.remove("priority");
        return keys.isEmpty() ? "" : any(keys, random);
    }
}
