package org.procmon.pool.listen;

import org.procmon.bytes.BytePath;
import org.procmon.config.pool.PoolAddress;

/** Addresses as text: what a listener is called in messages, and in a handover. */
public final class ListenerName {
    private ListenerName() {}

    /** As the configuration would write it, without permissions. */
    public static String of(PoolAddress address) {
        return switch (address) {
            case PoolAddress.UnixPath path -> BytePath.text(path.path());
            case PoolAddress.AbstractName name -> "@" + name.name();
            case PoolAddress.TcpPort tcp ->
                    (tcp.host().contains(":") ? "[" + tcp.host() + "]" : tcp.host())
                            + ":"
                            + tcp.port();
            case PoolAddress.FromSystemd systemd -> "systemd:" + systemd.name();
        };
    }
}
