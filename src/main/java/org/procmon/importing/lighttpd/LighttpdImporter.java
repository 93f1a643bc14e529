package org.procmon.importing.lighttpd;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.procmon.importing.draft.ConfigDraft;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SourceFile;
import org.procmon.importing.draft.SourceLocation;
import org.procmon.importing.pools.PoolList;

/**
 * Turns the FastCGI applications that lighttpd starts into pools, and writes in a comment what
 * replaces them in the file of lighttpd.
 *
 * <p>Source: lighttpd's documentation, "mod_fastcgi".
 */
public final class LighttpdImporter {
    private static final String SERVER = "fastcgi.server";
    private static final String SCGI = "scgi.server";

    /** Options of a host that tell lighttpd how to talk to it; they stay in its file. */
    private static final Set<String> OF_REQUESTS =
            Set.of(
                    "check-local",
                    "mode",
                    "docroot",
                    "disable-time",
                    "broken-scriptfilename",
                    "strip-request-uri",
                    "fix-root-scriptname",
                    "allow-x-send-file",
                    "x-sendfile",
                    "x-sendfile-docroot",
                    "tcp-fin-propagate",
                    "connect-timeout",
                    "write-timeout",
                    "read-timeout",
                    "upgrade");

    /**
     * A setting {@code fastcgi.server}.
     *
     * @param adds whether it is written with {@code +=}
     */
    private record Server(SourceLocation spot, boolean adds, LighttpdValue value) {}

    private final ImportContext importContext;
    private final ImportWarnings importWarnings;
    private final LighttpdServer lighttpd = new LighttpdServer();
    private final List<Server> servers = new ArrayList<>();
    private final List<String> comments = new ArrayList<>();
    private final PoolList pools;

    /** The applications by their sockets, which lighttpd starts once. */
    private final Map<String, String> started = new HashMap<>();

    private LighttpdImporter(ImportContext importContext) {
        this.importContext = importContext;
        this.importWarnings = importContext.notes();
        this.pools = new PoolList(importContext);
    }

    public static ConfigDraft read(Path path, ImportContext importContext) throws ImportAborted {
        LighttpdImporter importer = new LighttpdImporter(importContext);
        SourceFile file = SourceFile.read(path);
        LighttpdParser.read(file, importer::set, importContext);
        return importer.draft(file.spot(0));
    }

    private void set(SourceLocation spot, String name, boolean adds, LighttpdValue value)
            throws ImportAborted {
        lighttpd.set(spot, name, value);
        if (name.equals(SERVER)) {
            servers.add(new Server(spot, adds, value));
        } else if (name.equals(SCGI)) {
            importWarnings.none(
                    new Setting(spot, "", SCGI, ""), "a pool speaks FastCGI; it stays as it is");
        }
    }

    private ConfigDraft draft(SourceLocation start) throws ImportAborted {
        for (Server server : servers) {
            server(server);
        }
        if (pools.isEmpty()) {
            throw ImportAborted.at(start, "there is no fastcgi.server with bin-path");
        }
        return ConfigDraft.ofPools(comments, pools.checked());
    }

    private void server(Server server) throws ImportAborted {
        LighttpdBlock block = new LighttpdBlock(server.adds());
        boolean starts = false;
        for (LighttpdValue.Item extension : items(server.spot(), server.value())) {
            for (LighttpdHost host : hosts(extension)) {
                starts |= host.isStarted();
                host(host, block);
            }
        }
        if (starts) {
            comments.add("Put this in the place of fastcgi.server in " + server.spot() + ":");
            comments.addAll(block.lines());
        }
    }

    private static List<LighttpdValue.Item> items(SourceLocation spot, LighttpdValue value)
            throws ImportAborted {
        return switch (value) {
            case LighttpdValue.Items items -> items.items();
            case LighttpdValue.Unset unset ->
                    throw ImportAborted.at(spot, "the variable '" + unset.name() + "' is not set");
            case LighttpdValue.Text _, LighttpdValue.Whole _ ->
                    throw ImportAborted.at(spot, "fastcgi.server must be an array");
        };
    }

    /** The hosts of an extension: an array of arrays, or one host alone. */
    private static List<LighttpdHost> hosts(LighttpdValue.Item extension) throws ImportAborted {
        List<LighttpdHost> hosts = new ArrayList<>();
        List<LighttpdValue.Item> items = items(extension.spot(), extension.value());
        boolean isOne =
                items.stream()
                        .anyMatch(item ->
                                item.key().equals("bin-path") || item.key().equals("socket"));
        if (isOne) {
            return List.of(LighttpdHost.of(extension.key(), extension));
        }
        for (LighttpdValue.Item item : items) {
            hosts.add(LighttpdHost.of(extension.key(), item));
        }
        return hosts;
    }

    private void host(LighttpdHost host, LighttpdBlock block) throws ImportAborted {
        if (!host.isStarted()) {
            block.add(host);
            return;
        }
        for (String key : host.options().keySet()) {
            if (!OF_REQUESTS.contains(key) && !LighttpdSpawn.OF_SPAWNING.contains(key)) {
                host.warn(
                        importWarnings,
                        key,
                        "the option is unknown; it stays in the file of lighttpd");
            }
        }
        LighttpdSpawn spawn = new LighttpdSpawn(host, lighttpd, importContext);
        for (int number = 0; number < spawn.sockets(); number++) {
            block.add(host, spawn.address(number));
        }
        String program = spawn.program();
        String earlier = started.putIfAbsent(String.valueOf(spawn.address(0)), program);
        if (program.equals(earlier)) {
            importWarnings.add(
                    new Setting(host.spot(), host.extension(), "bin-path", ""),
                    "the same application at the same address as above; it is started once");
            return;
        }
        for (ProcessDraft draft : spawn.drafts()) {
            pools.add(host.spot(), draft);
        }
    }
}
