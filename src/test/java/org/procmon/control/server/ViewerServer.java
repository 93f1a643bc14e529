package org.procmon.control.server;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.time.Duration;
import org.procmon.config.ControlSpec;
import org.procmon.control.server.calls.Access;
import org.procmon.control.server.calls.ClientLimits;
import org.procmon.control.server.calls.GroupMembership;
import org.procmon.control.server.calls.MonitorPorts;
import org.procmon.control.server.calls.Peer;

/** A server for which every client is a user who may only look. */
public final class ViewerServer {
    private static final UserPrincipalLookupService ACCOUNTS =
            FileSystems.getDefault().getUserPrincipalLookupService();

    private ViewerServer() {}

    /**
     * Begins to serve.
     *
     * @param bugs takes what it must never get
     */
    public static ControlServer open(
            Path socket, MonitorPorts monitorPorts, Thread.UncaughtExceptionHandler bugs)
            throws IOException {
        Duration patience = Duration.ofSeconds(50);
        return ControlServer.serve(
                SocketFile.bind(socket, ControlSpec.DEFAULT, SocketFile.Port.JDK),
                monitorPorts,
                new Access(ControlSpec.DEFAULT, GroupMembership.NONE),
                _ ->
                        new Peer(
                                ACCOUNTS.lookupPrincipalByName("54321"),
                                ACCOUNTS.lookupPrincipalByGroupName("12345")),
                new ClientLimits(64, 32, patience, patience, patience, patience),
                bugs);
    }
}
