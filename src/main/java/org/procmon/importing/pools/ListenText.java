package org.procmon.importing.pools;

import java.util.List;
import java.util.Map;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.PrintableText;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;

/** The key {@code listen} of a pool; refuses an address that a pool cannot have. */
public final class ListenText {
    /** In the address of a worker: its number, from 0. */
    public static final String WORKER = "$(worker0)";

    /** How many clients may wait at most; source: listen(2), net.core.somaxconn. */
    public static final int LARGEST_BACKLOG = 65_535;

    /** The permissions of a Unix socket without any in its address. */
    private static final String USUAL_MODE = "660";

    private ListenText() {}

    /**
     * A Unix socket.
     *
     * @param setting where the address comes from
     * @param path from the root on
     * @param mode octal digits; empty for those that a pool's socket usually has
     */
    public static String unix(Setting setting, String path, String mode) throws ImportAborted {
        return unix(setting, path, mode, "");
    }

    /**
     * The Unix sockets of workers.
     *
     * @param suffix what is behind the path, with {@link #WORKER} in it; empty if there is only one
     */
    public static String unix(Setting setting, String path, String mode, String suffix)
            throws ImportAborted {
        if (!path.startsWith("/")) {
            throw bad(setting, path, "it is no path from the root on");
        }
        if (path.contains("$(")) {
            throw bad(setting, path, "$( has a meaning of its own in an address here");
        }
        String digits = mode.length() > 3 && mode.startsWith("0") ? mode.substring(1) : mode;
        boolean usual = digits.isEmpty() || digits.equals(USUAL_MODE);
        String address = (usual ? "" : "unix://" + digits + "@") + path + suffix;
        return checked(setting, address, path);
    }

    /** A Unix socket with an abstract name. */
    public static String abstractName(Setting setting, String name) throws ImportAborted {
        if (name.contains("$(")) {
            throw bad(setting, name, "$( has a meaning of its own in an address here");
        }
        return checked(setting, "@" + name, name);
    }

    /**
     * A TCP port.
     *
     * @param host a name or an address; empty for all addresses
     */
    public static String tcp(Setting setting, String host, String port) throws ImportAborted {
        String address = host(host) + ":" + port;
        return checked(setting, address, address);
    }

    /**
     * The TCP ports of workers.
     *
     * @param port that of the first one
     */
    public static String tcpOfWorkers(Setting setting, String host, String port)
            throws ImportAborted {
        String address = host(host) + ":$(" + port + "+worker0)";
        return checked(setting, address, host(host) + ":" + port);
    }

    private static String host(String host) {
        boolean isBare = host.indexOf(':') >= 0 && !host.startsWith("[");
        return isBare ? "[" + host + "]" : host;
    }

    private static String checked(Setting setting, String address, String shown)
            throws ImportAborted {
        ProcessDraft draft = ProcessDraft.of("", "pool", "-");
        draft.put("listen", address);
        if (address.contains("worker0)")) {
            draft.put("socket", "per-worker");
            draft.put("workers", 1);
        }
        String problem = PoolList.problem(List.of(draft), Map.of());
        if (!problem.isEmpty()) {
            throw bad(setting, shown, problem);
        }
        return address;
    }

    private static ImportAborted bad(Setting setting, String address, String why) {
        return ImportAborted.at(
                setting.spot(),
                setting.key()
                        + ": cannot listen at "
                        + PrintableText.quoted(address, 120)
                        + ": "
                        + why);
    }

    /** An entry of {@code allowed_clients}. */
    public static String client(Setting setting, String address) throws ImportAborted {
        ProcessDraft draft = ProcessDraft.of("", "pool", "-");
        draft.put("listen", ":1");
        draft.put("allowed_clients", address);
        if (!PoolList.problem(List.of(draft), Map.of()).isEmpty()) {
            throw ImportAborted.at(
                    setting.spot(),
                    setting.key()
                            + " must be IP addresses such as 127.0.0.1, found "
                            + PrintableText.quoted(address, 60));
        }
        return address;
    }

    /**
     * The key {@code backlog} for a length that another program takes; any negative is the most.
     */
    public static int backlog(int length) {
        return length < 0 ? LARGEST_BACKLOG : Math.clamp(length, 1, LARGEST_BACKLOG);
    }
}
