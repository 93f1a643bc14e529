package org.procmon.importing.phpfpm;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.Setting;

/** What php-fpm says of a pool that procmon does not, and its paths. */
final class FpmWords {
    private static final String PAGE = "'?pool=ID' of fcgi_proc answers with this page";
    private static final String PING = "'procmon status ID' says whether the pool serves";
    private static final String ACCESS = "the web server writes a log of requests";
    private static final String SLOW =
            "a slow request is an event, and in the log: its worker, system call and processor"
                    + " time, without a trace of PHP";

    private static final Map<String, String> NO_EQUIVALENT =
            Map.ofEntries(
                    Map.entry(
                            "pm.max_spawn_rate", "a worker is started for each client that waits"),
                    Map.entry("pm.status_path", PAGE),
                    Map.entry("pm.status_listen", PAGE),
                    Map.entry("ping.path", PING),
                    Map.entry("ping.response", PING),
                    Map.entry("slowlog", SLOW),
                    Map.entry("request_slowlog_trace_depth", SLOW),
                    Map.entry(
                            "request_terminate_timeout_track_finished",
                            "a worker is stopped as long as it holds a connection"),
                    Map.entry("access.log", ACCESS),
                    Map.entry("access.format", ACCESS),
                    Map.entry("access.suppress_path[]", ACCESS),
                    Map.entry("decorate_workers_output", "each worker has log files of its own"),
                    Map.entry(
                            "security.limit_extensions",
                            "php-cgi runs every file that the web server names; name only those"
                                    + " that end in .php there"),
                    Map.entry("listen.acl_users", "the socket has an owner, a group and a mode"),
                    Map.entry("listen.acl_groups", "the socket has an owner, a group and a mode"),
                    Map.entry("listen.setfib", "Linux has no such routing tables"),
                    Map.entry("process.dumpable", "the kernel decides by the user"),
                    Map.entry("apparmor_hat", "a profile of AppArmor can name the program"));

    private FpmWords() {}

    /** Why a setting has no equivalent. */
    static String why(String key) {
        return NO_EQUIVALENT.getOrDefault(key, "the setting is unknown");
    }

    /**
     * A path, from the root on.
     *
     * @param prefix against which a relative path is resolved; null for none
     */
    static String path(Setting setting, @Nullable Setting prefix) throws ImportAborted {
        String path = setting.value();
        if (path.startsWith("/")) {
            return path;
        }
        if (prefix == null || !prefix.value().startsWith("/")) {
            throw ImportAborted.at(
                    setting.spot(),
                    setting.key() + " is a relative path, and no 'prefix' says where it begins");
        }
        return prefix.value() + "/" + path;
    }
}
