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
 * @param form how settings are written
 */
record ForeignFile(
        String head, Map<String, String> settings, String damage, Form form, List<String> unknown) {
    /** What stands before, in and after a setting, and after all of them. */
    private record Form(String before, String between, String after, String end) {
        static Form of(SourceFormat format) {
            return switch (format) {
                case PROCFILE -> new Form("", ": ", "", "");
                case MONO_FPM -> new Form("<Setting Name='", "' Value='", "'/>", "</Settings>\n");
                case LIGHTTPD -> new Form("\"", "\" => ", ",", ")))\n");
                case SUPERVISORD, SYSTEMD, PHP_FPM, SPAWN_FCGI, SPAWN_PHP, JULIA_FPM ->
                        new Form("", "=", "", "");
            };
        }
    }

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
                    case PHP_FPM -> pool();
                    case LIGHTTPD -> host();
                    case MONO_FPM -> mono();
                    case SPAWN_FCGI, SPAWN_PHP, JULIA_FPM -> script();
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
            settings.put(key, unknownValue(format, random));
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
                    case SPAWN_FCGI, SPAWN_PHP, JULIA_FPM ->
                            "FCGIPROGRAM=/bin/x\nFCGISOCKET=/run/x\n";
                    case MONO_FPM -> "<Settings>\n<Setting Name='socket' Value='unix:/run/x'/>\n";
                    case LIGHTTPD ->
                            """
                            fastcgi.server = ( ".x" => (( "bin-path" => "/bin/x",
                            "socket" => "/run/x",
                            """;
                    case PHP_FPM ->
                            """
                            [www]
                            listen=/run/x
                            pm=dynamic
                            pm.max_children=9
                            pm.min_spare_servers=2
                            pm.max_spare_servers=4
                            """;
                };
        return new ForeignFile(head, settings, damage, Form.of(format), unknown);
    }

    private static String unknownValue(SourceFormat format, Random random) {
        return switch (format) {
            case LIGHTTPD -> "\"x\"";
            case MONO_FPM -> "x";
            case SUPERVISORD, PROCFILE, SYSTEMD, PHP_FPM, SPAWN_FCGI, SPAWN_PHP, JULIA_FPM ->
                    any(ODD, random).strip() + "x";
        };
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

    /** Settings of a pool of php-fpm, with values that are not the defaults. */
    private static Map<String, String> pool() {
        return map(
                "user", "nobody",
                "group", "daemon",
                "listen.owner", "daemon",
                "listen.group", "\"adm\"",
                "listen.mode", "0600",
                "listen.backlog", "-1",
                "listen.allowed_clients", "127.0.0.1,::1",
                "listen.acl_users", "x",
                "pm.start_servers", "4",
                "pm.process_idle_timeout", "5m",
                "pm.max_requests", "200",
                "pm.status_path", "/status",
                "pm.max_spawn_rate", "3",
                "env[HOME]", "$HOME",
                "env[B]", "'b b'",
                "env[NOT]", "$NOT",
                "php_value[a.b]", "${Q}",
                "php_admin_value[error_log]", "/log/$pool.log",
                "php_flag[display_errors]", "off",
                "request_terminate_timeout", "30s",
                "request_slowlog_timeout", "5",
                "slowlog", "/log/slow",
                "process.priority", "-5",
                "rlimit_files", "1024",
                "rlimit_core", "unlimited",
                "chdir", "/srv",
                "chroot", "/srv/root",
                "clear_env", "no",
                "catch_workers_output", "no",
                "security.limit_extensions", ".php .phtml",
                "ping.path", "/ping");
    }

    /** Settings of mono-fpm that it does not leave to the server, which are not the defaults. */
    private static Map<String, String> mono() {
        return map(
                "socket", "unix://600@/run/$(filename)",
                "user", "nobody",
                "group", "daemon",
                "instance-type", "static",
                "idle-time", "20",
                "shimsock", "/run/shim",
                "ondemandsock", "unix:/run/back",
                "backlog", "16",
                "ondemand", "True",
                "stoppable", "True");
    }

    /** Options of a host of lighttpd, with values that are not the defaults. */
    private static Map<String, String> host() {
        return map(
                "bin-path", "\"/bin/y -a\" + \" b\"",
                "socket", "\"/run/\" + \"y\"",
                "max-procs", "3",
                "min-procs", "1",
                "max-load-per-proc", "2",
                "idle-timeout", "20",
                "bin-environment", "( \"A\" => \"b c\", \"PHP_FCGI_CHILDREN\" => \"2\" )",
                "bin-copy-environment", "( \"PATH\", \"HOME\" )",
                "kill-signal", "10",
                "listen-backlog", "16",
                "check-local", "\"disable\"",
                "disable-time", "3",
                "broken-scriptfilename", "\"enable\"");
    }

    /** Variables of spawn-php.sh, with values that are not the defaults. */
    private static Map<String, String> script() {
        return map(
                "FCGIPROGRAM", "'/bin/x y'",
                "FCGISOCKET", "/run/y",
                "FCGIPORT", "1026",
                "PHP_FCGI_CHILDREN", "5",
                "PHP_FCGI_MAX_REQUESTS", "1000",
                "FCGI_WEB_SERVER_ADDRS", "127.0.0.1,::1",
                "ALLOWED_ENV", "\"ORACLE_HOME $FCGIPORT\"",
                "USERID", "nobody",
                "GROUPID", "daemon",
                "SOCKUSERID", "daemon",
                "CHROOT", "/srv/root");
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
                text.append(form.before()).append(key).append(form.between());
                text.append(value).append(form.after()).append('\n');
            }
        });
        return text.append(form.end()).toString();
    }

    /** One whose loss must show; the order alone that a priority makes does not, of one program. */
    String anyKey(Random random) {
        List<String> keys = new ArrayList<>(settings.keySet());
        keys.remove("priority");
        return keys.isEmpty() ? "" : any(keys, random);
    }
}
