package org.procmon.importing.phpfpm;

import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;
import org.procmon.importing.draft.FileSection;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SettingValues;
import org.procmon.importing.pools.ListenText;

/**
 * The settings {@code listen} and {@code listen.*}.
 *
 * <p>Source: php.net, {@code listen}: a path, a port, or {@code ADDRESS:PORT}.
 */
final class FpmListen {
    private static final String OWNER = "listen.owner";
    private static final String GROUP = "listen.group";
    private static final String MODE = "listen.mode";
    private static final int MOST = 999_999_999;

    private final FileSection section;
    private final FpmSettings settings;
    private final @Nullable Setting prefix;
    private final ImportWarnings importWarnings;

    FpmListen(
            FileSection section,
            FpmSettings settings,
            @Nullable Setting prefix,
            ImportWarnings importWarnings) {
        this.section = section;
        this.settings = settings;
        this.prefix = prefix;
        this.importWarnings = importWarnings;
    }

    void put(ProcessDraft draft) throws ImportAborted {
        Setting listen = settings.take("listen");
        if (listen == null) {
            throw ImportAborted.at(
                    section.spot(), "the pool '" + section.name() + "' has no 'listen'");
        }
        String address = listen.value();
        int colon = address.lastIndexOf(':');
        if (colon >= 0 && !address.startsWith("/")) {
            String host = address.substring(0, colon);
            tcp(draft, listen, host.equals("*") ? "" : host, address.substring(colon + 1));
        } else if (SettingValues.isDigits(address)) {
            tcp(draft, listen, "", address);
        } else {
            unix(draft, listen);
        }
        Setting backlog = settings.take("listen.backlog");
        if (backlog != null) {
            int length = SettingValues.whole(backlog, -1, MOST);
            draft.put("backlog", ListenText.backlog(length));
        }
    }

    private void tcp(ProcessDraft draft, Setting listen, String host, String port)
            throws ImportAborted {
        draft.put("listen", ListenText.tcp(listen, host, port));
        for (String key : List.of(OWNER, GROUP, MODE)) {
            Setting setting = settings.take(key);
            if (setting != null) {
                importWarnings.none(setting, "a port has no owner and no mode");
            }
        }
        Setting clients = settings.take("listen.allowed_clients");
        if (clients == null || clients.value().equals("any")) {
            return;
        }
        List<String> addresses = new ArrayList<>();
        StringTokenizer parts = new StringTokenizer(clients.value(), ", \t");
        while (parts.hasMoreTokens()) {
            addresses.add(ListenText.client(clients, parts.nextToken()));
        }
        if (addresses.isEmpty()) {
            throw SettingValues.bad(clients, "addresses of web servers");
        }
        draft.put("allowed_clients", addresses);
    }

    private void unix(ProcessDraft draft, Setting listen) throws ImportAborted {
        Setting mode = settings.take(MODE);
        draft.put(
                "listen",
                ListenText.unix(
                        listen, FpmWords.path(listen, prefix), mode == null ? "" : mode(mode)));
        Setting owner = settings.take(OWNER);
        if (owner != null) {
            draft.put("listen_owner", SettingValues.account(owner, owner.value()));
        }
        Setting group = settings.take(GROUP);
        if (group != null) {
            draft.put("listen_group", SettingValues.account(group, group.value()));
        } else {
            importWarnings.add(
                    listen,
                    "without listen.group, php-fpm gives the socket to the group that it runs as;"
                            + " here the group of the web server may connect, if there is one");
        }
        Setting clients = settings.take("listen.allowed_clients");
        if (clients != null) {
            importWarnings.none(clients, "the mode of a Unix socket says who may connect");
        }
    }

    private static String mode(Setting setting) throws ImportAborted {
        if (!setting.value().matches("0?[0-7]{3}")) {
            throw SettingValues.bad(setting, "octal digits such as 0660");
        }
        return setting.value();
    }
}
