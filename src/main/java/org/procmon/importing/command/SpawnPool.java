package org.procmon.importing.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;
import org.procmon.importing.draft.EnvDraft;
import org.procmon.importing.draft.ExecBuilder;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.LocalAccounts;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SettingValues;
import org.procmon.importing.draft.ShellCommand;
import org.procmon.importing.pools.ListenText;

/**
 * The pool that does what a command {@code spawn-fcgi} does.
 *
 * <p>Source: spawn-fcgi(1).
 */
final class SpawnPool {
    private static final String CHILDREN = "PHP_FCGI_CHILDREN";
    private static final String ADDRESSES = "FCGI_WEB_SERVER_ADDRS";
    private static final int USUAL_BACKLOG = 1024;
    private static final int MOST = 999_999_999;

    /** The most workers of a pool. */
    private static final int MOST_WORKERS = 1000;

    private final SpawnCommand command;
    private final ImportContext importContext;
    private final ImportWarnings importWarnings;

    SpawnPool(SpawnCommand command, ImportContext importContext) {
        this.command = command;
        this.importContext = importContext;
        this.importWarnings = importContext.notes();
    }

    ProcessDraft draft() throws ImportAborted {
        Object exec = exec();
        String id = importContext.ids().ofPool(name(exec), command.setting("", ""));
        ProcessDraft draft = ProcessDraft.of("", id, exec);
        putListen(draft);
        putBacklog(draft);
        draft.put("mode", "static");
        draft.put("workers", workers());
        putIdentity(draft);
        putEnv(draft);
        Setting pidFile = command.option("-P");
        if (pidFile != null) {
            importWarnings.none(pidFile, "'procmon list' shows the pids");
        }
        return draft;
    }

    private Object exec() throws ImportAborted {
        Setting file = command.option("-f");
        if (!command.application().isEmpty()) {
            if (file != null) {
                importWarnings.add(file, "ignored, since an application is named behind it");
            }
            if (command.application().getFirst().isEmpty()) {
                throw ImportAborted.at(command.spot(), "the name of the application is empty");
            }
            return ExecBuilder.exec(command.application());
        }
        if (file == null || file.value().isBlank()) {
            throw ImportAborted.at(
                    command.spot(), "there is no application: '-- PROGRAM' names one");
        }
        return ShellCommand.exec(file);
    }

    /** The last part of the path of the program. */
    private static String name(Object exec) {
        String first =
                exec instanceof List<?> words ? String.valueOf(words.getFirst()) : exec.toString();
        if (exec instanceof List<?> words && first.equals("sh")) {
            return lastPart(new StringTokenizer(String.valueOf(words.getLast())), "exec");
        }
        return lastPart(new StringTokenizer(first), "");
    }

    private static String lastPart(StringTokenizer words, String skipped) {
        String word = words.hasMoreTokens() ? words.nextToken() : "app";
        String next = word.equals(skipped) && words.hasMoreTokens() ? words.nextToken() : word;
        return next.substring(next.lastIndexOf('/') + 1);
    }

    private void putListen(ProcessDraft draft) throws ImportAborted {
        Setting path = command.option("-s");
        Setting port = command.option("-p");
        if (path != null && port != null) {
            throw ImportAborted.at(command.spot(), "spawn-fcgi takes either -s or -p");
        }
        if (port != null) {
            putPort(draft, port);
        } else if (path != null) {
            putPath(draft, path);
        } else {
            throw ImportAborted.at(command.spot(), "there is no address: -s PATH or -p PORT");
        }
    }

    private void putPort(ProcessDraft draft, Setting port) throws ImportAborted {
        Setting address = command.option("-a");
        if (address == null) {
            importWarnings.add(
                    port,
                    "without -a, spawn-fcgi listens at all IPv4 addresses; 127.0.0.1 keeps strangers"
                            + " out");
        }
        String host = address == null ? "0.0.0.0" : ListenText.client(address, address.value());
        draft.put("listen", ListenText.tcp(port, host, port.value()));
        String clients = command.variables().get(ADDRESSES);
        if (clients != null) {
            List<String> addresses = new ArrayList<>();
            StringTokenizer parts = new StringTokenizer(clients, ", \t");
            while (parts.hasMoreTokens()) {
                addresses.add(
                        ListenText.client(command.setting(ADDRESSES, clients), parts.nextToken()));
            }
            if (!addresses.isEmpty()) {
                draft.put("allowed_clients", addresses);
            }
        }
        unused("-M", "-U", "-G");
    }

    private void unused(String... options) {
        for (String name : options) {
            Setting option = command.option(name);
            if (option != null) {
                importWarnings.none(option, "a port has no owner and no mode");
            }
        }
    }

    private void putPath(ProcessDraft draft, Setting path) throws ImportAborted {
        Setting root = command.option("-c");
        boolean inside = root != null && !command.has("-S");
        String from = inside && root != null ? absolute(root) : "";
        String full =
                inside && path.value().startsWith("/")
                        ? from + path.value()
                        : inside ? from + "/" + path.value() : absolute(path);
        Setting mode = command.option("-M");
        draft.put("listen", ListenText.unix(path, full, mode == null ? "" : mode(mode)));
        Setting address = command.option("-a");
        if (address != null) {
            importWarnings.add(address, "ignored, since it is for a port");
        }
        putOwner(draft, path);
    }

    private String absolute(Setting setting) throws ImportAborted {
        if (setting.value().isEmpty()) {
            throw SettingValues.bad(setting, "a path");
        }
        return setting.value().startsWith("/")
                ? setting.value()
                : command.spot().folder() + "/" + setting.value();
    }

    private static String mode(Setting setting) throws ImportAborted {
        if (!setting.value().matches("0{0,4}[0-7]{1,3}")) {
            throw SettingValues.bad(setting, "octal digits such as 0660");
        }
        return String.format(Locale.ROOT, "%03o", Integer.parseInt(setting.value(), 8));
    }

    /** The owner follows the user, the group follows the owner. */
    private void putOwner(ProcessDraft draft, Setting path) throws ImportAborted {
        Setting owner = command.option("-U");
        Setting user = command.option("-u");
        Setting ofSocket = owner == null ? user : owner;
        if (ofSocket != null) {
            draft.put("listen_owner", SettingValues.account(ofSocket, ofSocket.value()));
        }
        Setting group = command.option("-G");
        Setting other = group == null && owner == null ? command.option("-g") : group;
        if (other != null) {
            draft.put("listen_group", SettingValues.account(other, other.value()));
        } else if (ofSocket == null) {
            importWarnings.add(
                    path,
                    "without -U and -G, spawn-fcgi gives the socket to its own user; here the group"
                            + " of the web server may connect, if there is one");
        } else {
            String primary = LocalAccounts.ofThisMachine().primaryGroup(ofSocket.value());
            if (primary == null) {
                importWarnings.add(
                        ofSocket,
                        "there is no such user here, so the socket does not get the user's group");
            } else {
                draft.put("listen_group", primary);
            }
        }
    }

    private void putBacklog(ProcessDraft draft) throws ImportAborted {
        Setting backlog = command.option("-b");
        int length = backlog == null ? USUAL_BACKLOG : SettingValues.whole(backlog, 1, MOST);
        draft.put("backlog", ListenText.backlog(length));
    }

    private int workers() throws ImportAborted {
        Setting forks = command.option("-F");
        int count = forks == null ? 1 : SettingValues.whole(forks, 1, MOST_WORKERS);
        Setting children = command.option("-C");
        String variable = command.variables().get(CHILDREN);
        if (children == null && variable != null) {
            children = command.setting(CHILDREN, variable);
        }
        if (children == null) {
            return count;
        }
        int each = SettingValues.whole(children, 0, MOST_WORKERS);
        if (each * count > MOST_WORKERS) {
            throw ImportAborted.at(
                    command.spot(), "a pool has at most " + MOST_WORKERS + " workers");
        }
        if (each > 0) {
            importWarnings.add(
                    children, "procmon starts as many workers itself, without " + CHILDREN);
        }
        return count * Math.max(1, each);
    }

    private void putIdentity(ProcessDraft draft) throws ImportAborted {
        putAccount(draft, "user", command.option("-u"));
        putAccount(draft, "group", command.option("-g"));
        Setting root = command.option("-c");
        Setting folder = command.option("-d");
        if (folder != null) {
            boolean inside = root != null && !folder.value().startsWith("/");
            draft.put("cwd", inside ? "/" + folder.value() : absolute(folder));
        } else if (root != null) {
            draft.put("cwd", "/");
        } else if (isRelative()) {
            draft.put("cwd", command.spot().folder().toString());
        }
        if (root != null) {
            draft.put("chroot", absolute(root));
        }
    }

    private boolean isRelative() {
        String program =
                command.application().isEmpty()
                        ? command.options().getOrDefault("-f", "")
                        : command.application().getFirst();
        return !program.startsWith("/") && program.indexOf('/') >= 0;
    }

    private static void putAccount(ProcessDraft draft, String key, @Nullable Setting setting)
            throws ImportAborted {
        if (setting != null) {
            draft.put(key, SettingValues.account(setting, setting.value()));
        }
    }

    private void putEnv(ProcessDraft draft) {
        EnvDraft env = new EnvDraft(importContext.environment(), importWarnings);
        boolean limited = draft.keys().containsKey("allowed_clients");
        for (Map.Entry<String, String> variable : command.variables().entrySet()) {
            String name = variable.getKey();
            if (!name.equals(CHILDREN) && !(limited && name.equals(ADDRESSES))) {
                env.put(command.setting(name, variable.getValue()), name, variable.getValue());
            }
        }
        if (command.isCleared()) {
            draft.put("clear_env", true);
        }
        draft.putSome("env", env.members());
    }
}
