package org.procmon.importing.lighttpd;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;
import org.procmon.config.Signal;
import org.procmon.importing.draft.EnvDraft;
import org.procmon.importing.draft.ExecBuilder;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SettingValues;
import org.procmon.importing.draft.TimeSpan;
import org.procmon.importing.pools.ListenText;

/**
 * The pools that do what lighttpd does for a host with {@code bin-path}.
 *
 * <p>Source: lighttpd's documentation, "mod_fastcgi"; its {@code gw_backend.c} for the names of
 * sockets and the defaults.
 */
final class LighttpdSpawn {
    private static final String CHILDREN = "PHP_FCGI_CHILDREN";
    private static final int USUAL_PROCESSES = 4;
    private static final int USUAL_BACKLOG = 1024;
    private static final int USUAL_IDLE_SECONDS = 60;
    private static final int USUAL_PORT = 80;
    private static final int MOST = 999_999_999;

    /** The most workers of a pool. */
    private static final int MOST_WORKERS = 1000;

    /** Options that tell lighttpd how to start the application. */
    static final Set<String> OF_SPAWNING =
            Set.of(
                    "bin-path",
                    "socket",
                    "host",
                    "port",
                    "min-procs",
                    "max-procs",
                    "max-load-per-proc",
                    "idle-timeout",
                    "bin-environment",
                    "bin-copy-environment",
                    "kill-signal",
                    "listen-backlog");

    private final LighttpdHost host;
    private final LighttpdServer server;
    private final ImportContext importContext;
    private final ImportWarnings importWarnings;

    /** How many processes lighttpd has at most, each with a socket. */
    private final int most;

    private final int least;

    /** How many processes of PHP share a socket. */
    private final int children;

    LighttpdSpawn(LighttpdHost host, LighttpdServer server, ImportContext importContext)
            throws ImportAborted {
        this.host = host;
        this.server = server;
        this.importContext = importContext;
        this.importWarnings = importContext.notes();
        this.most = host.whole("max-procs", 1, MOST_WORKERS, USUAL_PROCESSES);
        int written = host.whole("min-procs", 0, MOST_WORKERS, USUAL_PROCESSES);
        this.least = server.hasWorkers() ? most : Math.min(written, most);
        this.children = children();
        if (children * most > MOST_WORKERS) {
            throw ImportAborted.at(host.spot(), "a pool has at most " + MOST_WORKERS + " workers");
        }
    }

    private int children() throws ImportAborted {
        int count = 1;
        for (Setting variable : host.all("bin-environment")) {
            if (variable.key().equals(CHILDREN)) {
                count = Math.max(1, SettingValues.whole(variable, 0, MOST_WORKERS));
                importWarnings.add(
                        variable, "procmon starts as many workers itself, without " + CHILDREN);
            }
        }
        return count;
    }

    /** Whether lighttpd starts and stops processes as the load needs. */
    private boolean isAdaptive() {
        return least < most;
    }

    /** Whether several processes of PHP share each socket. */
    private boolean isShared() {
        return children > 1;
    }

    List<ProcessDraft> drafts() throws ImportAborted {
        List<ProcessDraft> drafts = new ArrayList<>();
        boolean isSingle = most == 1 || isAdaptive() || !isShared();
        for (int number = 0; number < (isSingle ? 1 : most); number++) {
            drafts.add(draft(number, isSingle ? "" : "-" + number));
        }
        host.warn(
                importWarnings,
                "max-load-per-proc",
                "a worker is started for each client that waits");
        if (!isAdaptive()) {
            host.warn(importWarnings, "idle-timeout", "all workers run at all times");
        }
        return drafts;
    }

    /** How many sockets there are. */
    int sockets() {
        return isAdaptive() ? 1 : most;
    }

    private ProcessDraft draft(int number, String suffix) throws ImportAborted {
        List<String> words = words();
        String name = words.getFirst().substring(words.getFirst().lastIndexOf('/') + 1);
        String id =
                importContext
                        .ids()
                        .ofPool(name + suffix, new Setting(host.spot(), host.extension(), "", ""));
        ProcessDraft draft = ProcessDraft.of("", id, ExecBuilder.exec(words));
        boolean perWorker = !isAdaptive() && !isShared() && most > 1;
        draft.put("listen", listen(number, perWorker));
        server.putOwner(draft, socket() != null);
        draft.put(
                "backlog",
                ListenText.backlog(host.whole("listen-backlog", 1, MOST, USUAL_BACKLOG)));
        if (perWorker) {
            draft.put("socket", "per-worker");
        }
        putWorkers(draft, perWorker);
        putStop(draft);
        server.putUser(draft);
        putEnv(draft);
        return draft;
    }

    /** The command of the application. */
    String program() throws ImportAborted {
        return String.join(" ", words());
    }

    private List<String> words() throws ImportAborted {
        Setting path = host.setting("bin-path");
        List<String> words = new ArrayList<>();
        StringTokenizer parts = new StringTokenizer(path == null ? "" : path.value(), " \t");
        while (parts.hasMoreTokens()) {
            words.add(parts.nextToken());
        }
        if (words.isEmpty()) {
            throw ImportAborted.at(host.spot(), "bin-path names no program");
        }
        return words;
    }

    /** The path of its sockets; null if it has ports. */
    private @Nullable Setting socket() throws ImportAborted {
        Setting socket = host.setting("socket");
        Setting address = host.setting("host");
        return socket == null && address != null && address.value().startsWith("/")
                ? address
                : socket;
    }

    private int firstPort() throws ImportAborted {
        return host.whole("port", 1, MOST, USUAL_PORT);
    }

    private String listen(int number, boolean perWorker) throws ImportAborted {
        Setting socket = socket();
        if (socket != null) {
            if (host.has("port") || (host.has("host") && host.has("socket"))) {
                throw ImportAborted.at(
                        host.spot(), "lighttpd takes either 'socket' or 'host' and 'port'");
            }
            String suffix = perWorker ? "-" + ListenText.WORKER : "-" + number;
            return ListenText.unix(socket, socket.value(), "", suffix);
        }
        Setting port = host.setting("port");
        Setting spot = port == null ? new Setting(host.spot(), "", "port", "") : port;
        String address = address();
        return perWorker
                ? ListenText.tcpOfWorkers(spot, address, Integer.toString(firstPort()))
                : ListenText.tcp(spot, address, Integer.toString(firstPort() + number));
    }

    private String address() throws ImportAborted {
        Setting address = host.setting("host");
        return address == null ? "127.0.0.1" : address.value();
    }

    /** Where lighttpd connects to one of its sockets, as options of a host. */
    Map<String, LighttpdValue> address(int number) throws ImportAborted {
        Map<String, LighttpdValue> options = new LinkedHashMap<>();
        Setting socket = socket();
        if (socket != null) {
            options.put("socket", new LighttpdValue.Text(socket.value() + "-" + number));
        } else {
            options.put("host", new LighttpdValue.Text(address()));
            options.put("port", new LighttpdValue.Whole(firstPort() + number));
        }
        return options;
    }

    private void putWorkers(ProcessDraft draft, boolean perWorker) throws ImportAborted {
        if (!isAdaptive()) {
            draft.put("mode", "static");
            draft.put("workers", perWorker ? most : children);
            return;
        }
        draft.put("mode", least == 0 ? "ondemand" : "dynamic");
        Map<String, Object> workers = new LinkedHashMap<>();
        if (least > 0) {
            workers.put("min", least * children);
        }
        workers.put("max", most * children);
        draft.put("workers", workers);
        int idle = host.whole("idle-timeout", 1, TimeSpan.LONGEST_SECONDS, USUAL_IDLE_SECONDS);
        draft.put("idle_timeout", TimeSpan.text(idle));
        host.warn(
                importWarnings,
                "min-procs",
                "the processes do not have sockets of their own; all of them share the first one");
    }

    private void putStop(ProcessDraft draft) throws ImportAborted {
        Setting setting = host.setting("kill-signal");
        if (setting != null) {
            Signal signal = SettingValues.signal(setting);
            if (signal != Signal.TERM) {
                Map<String, Object> stop = new LinkedHashMap<>();
                stop.put("signal", SettingValues.word(signal));
                stop.put("timeout", "30s");
                draft.put("stop", stop);
            }
        }
    }

    private void putEnv(ProcessDraft draft) throws ImportAborted {
        EnvDraft env = new EnvDraft(importContext.environment(), importWarnings);
        for (Setting variable : host.all("bin-environment")) {
            if (!variable.key().equals(CHILDREN)) {
                env.put(variable, variable.key(), variable.value());
            }
        }
        draft.putSome("env", env.members());
        List<String> kept = new ArrayList<>();
        for (Setting variable : host.all("bin-copy-environment")) {
            if (!EnvDraft.isName(variable.value()) || variable.value().startsWith("PROCMON_")) {
                throw SettingValues.bad(
                        new Setting(
                                variable.spot(),
                                host.extension(),
                                "bin-copy-environment",
                                variable.value()),
                        "names of variables");
            }
            kept.add(variable.value());
        }
        kept.remove(CHILDREN);
        if (!kept.isEmpty()) {
            draft.put("env_keep", kept);
        }
    }
}
