package org.procmon.pool.listen;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.procmon.bytes.BytePath;
import org.procmon.config.pool.ListenSpec;
import org.procmon.config.pool.PoolAddress;
import org.procmon.posix.Accounts;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Errno;
import org.procmon.posix.FileNames;
import org.procmon.posix.FileStatus;
import org.procmon.posix.socket.BoundSocket;
import org.procmon.posix.socket.ListeningSocket;
import org.procmon.posix.socket.SocketFileAccess;
import org.procmon.posix.socket.SocketPath;

/**
 * Opens listening sockets as pools describe them. A name of a host is looked up, and a slow disk is
 * waited for, so callers must expect it to block. Any thread.
 */
final class ListenerOpener {
    /** The groups of web servers, as distributions name them. */
    private static final List<String> WEB_GROUPS = List.of("www-data", "nginx", "apache", "http");

    private static final int WRITABLE_BY_ALL = 02;
    private static final int STICKY = 01000;
    private static final Set<PosixFilePermission> FOLDER_MODE =
            PosixFilePermissions.fromString("rwxr-xr-x");

    private ListenerOpener() {}

    /** Whether a socket listens. */
    sealed interface Result {
        record Opened(OpenListener listener) implements Result {}

        /**
         * Nothing listens.
         *
         * @param reason in words, naming what was tried
         */
        record Refused(String reason) implements Result {}
    }

    /** Opens a listener; a socket file that no program listens on is replaced. */
    static Result open(ListenSpec spec, PoolAddress address) {
        return switch (address) {
            case PoolAddress.UnixPath path -> atPath(spec, path);
            case PoolAddress.AbstractName name ->
                    opened(address, ListeningSocket.abstractName(name.name(), spec.backlog()));
            case PoolAddress.TcpPort tcp -> tcp(spec, tcp);
            case PoolAddress.FromSystemd _ ->
                    refused(address, "the service manager has passed no socket of this name");
        };
    }

    /** What a descriptor is that another process has passed on; empty if it does not listen. */
    static Optional<OpenListener> passedOn(PoolAddress address, Descriptor socket) {
        if (!BoundSocket.isListening(socket)) {
            return Optional.empty();
        }
        boolean isUnix = BoundSocket.domain(socket).equals(Optional.of(BoundSocket.Domain.UNIX));
        return Optional.of(
                new OpenListener(
                        ListenerName.of(address),
                        address,
                        socket,
                        isUnix ? BoundSocket.name(socket).orElse("") : "",
                        isUnix ? 0 : BoundSocket.port(socket).orElse(0),
                        BoundSocket.inode(socket).orElse(0)));
    }

    /** Gives a socket file the mode and owner that are configured; the reason if that fails. */
    static Optional<String> access(ListenSpec spec, PoolAddress.UnixPath address) {
        return switch (access(spec, address.mode())) {
            case Access.Of(SocketFileAccess access) ->
                    access.apply(BytePath.text(address.path()))
                            .map(errno ->
                                    "cannot set mode and owner of "
                                            + address.path()
                                            + ": "
                                            + errno.words());
            case Access.Unknown(String reason) -> Optional.of(reason);
        };
    }

    private static Result atPath(ListenSpec spec, PoolAddress.UnixPath address) {
        Path folder = address.path().getParent();
        Optional<String> unsafe =
                folder == null ? Optional.empty() : makeFolder(folder).or(() -> unsafe(folder));
        if (unsafe.isPresent()) {
            return refused(address, unsafe.get());
        }
        String path = BytePath.text(address.path());
        Optional<String> taken =
                switch (SocketPath.look(path)) {
                    case SocketPath.Nothing _, SocketPath.TooLong _ -> Optional.empty();
                    case SocketPath.Stale _ ->
                            FileNames.remove(path)
                                    .map(errno -> "cannot remove the old socket: " + errno.words());
                    case SocketPath.Live _ ->
                            Optional.of("another program listens there; stop it first");
                    case SocketPath.NoSocket _ ->
                            Optional.of("there is a file that is no socket; remove it first");
                    case SocketPath.Unknown(Errno errno) -> Optional.of(errno.words());
                };
        if (taken.isPresent()) {
            return refused(address, taken.get());
        }
        return switch (access(spec, address.mode())) {
            case Access.Of(SocketFileAccess access) ->
                    opened(address, ListeningSocket.atPath(path, spec.backlog(), access));
            case Access.Unknown(String reason) -> refused(address, reason);
        };
    }

    private static Optional<String> makeFolder(Path folder) {
        if (Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(FOLDER_MODE));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("cannot make the directory " + folder + ": " + e.getMessage());
        }
    }

    /** Whether any user could put another socket there. */
    static Optional<String> unsafe(Path folder) {
        FileStatus status = new FileStatus();
        if (!status.readTarget(BytePath.text(folder))) {
            return Optional.of("cannot look at " + folder + ": " + status.errno().words());
        }
        boolean isOpen = (status.mode() & WRITABLE_BY_ALL) != 0;
        boolean isSticky = (status.mode() & STICKY) != 0;
        return isOpen && !isSticky
                ? Optional.of("any user may replace files in " + folder + "; chmod o-w it")
                : Optional.empty();
    }

    private static Result tcp(ListenSpec spec, PoolAddress.TcpPort address) {
        // All members of a group must share from the start, so that a port can change hands.
        ListeningSocket.Sharing sharing = ListeningSocket.Sharing.SHARED;
        if (address.host().isEmpty()) {
            return opened(
                    address,
                    ListeningSocket.tcpEverywhere(address.port(), spec.backlog(), sharing));
        }
        try {
            InetAddress host = InetAddress.getByName(address.host());
            return opened(
                    address, ListeningSocket.tcp(host, address.port(), spec.backlog(), sharing));
        } catch (UnknownHostException _) {
            return refused(address, "there is no host of this name");
        }
    }

    private static Result opened(PoolAddress address, ListeningSocket.Result result) {
        return switch (result) {
            case ListeningSocket.Result.Listening(Descriptor socket) ->
                    passedOn(address, socket)
                            .<Result>map(Result.Opened::new)
                            .orElseGet(() -> refused(address, "the kernel does not know it"));
            case ListeningSocket.Result.NameTooLong(int bytes) ->
                    refused(
                            address,
                            "it has %d bytes, and the kernel takes %d"
                                    .formatted(bytes, ListeningSocket.LONGEST_NAME));
            case ListeningSocket.Result.NotListening(Errno errno) ->
                    refused(address, errno.words());
        };
    }

    private static Result refused(PoolAddress address, String reason) {
        return new Result.Refused("cannot listen on " + ListenerName.of(address) + ": " + reason);
    }

    /** Who may connect. */
    private sealed interface Access {
        record Of(SocketFileAccess access) implements Access {}

        record Unknown(String reason) implements Access {}
    }

    private static Access access(ListenSpec spec, int mode) {
        OptionalInt uid = OptionalInt.empty();
        if (spec.owner().isPresent()) {
            String owner = spec.owner().get();
            Accounts.FoundId found = Accounts.uid(owner);
            if (!(found instanceof Accounts.FoundId.There(int number))) {
                return unknown("user", owner, found);
            }
            uid = OptionalInt.of(number);
        }
        String group = spec.group().orElse(CurrentProcess.uid() == 0 ? ListenSpec.AUTO : "");
        if (group.equals(ListenSpec.AUTO)) {
            return new Access.Of(new SocketFileAccess(mode, uid, webGroup()));
        }
        if (group.isEmpty()) {
            return new Access.Of(new SocketFileAccess(mode, uid, OptionalInt.empty()));
        }
        Accounts.FoundId found = Accounts.gid(group);
        return found instanceof Accounts.FoundId.There(int gid)
                ? new Access.Of(new SocketFileAccess(mode, uid, OptionalInt.of(gid)))
                : unknown("group", group, found);
    }

    private static Access unknown(String kind, String name, Accounts.FoundId found) {
        return new Access.Unknown(
                found instanceof Accounts.FoundId.Unknown(Errno errno)
                        ? "cannot look up " + kind + " '" + name + "': " + errno.words()
                        : "there is no " + kind + " '" + name + "'");
    }

    private static OptionalInt webGroup() {
        for (String name : WEB_GROUPS) {
            if (Accounts.group(name) instanceof Accounts.FoundId.There(int gid)) {
                return OptionalInt.of(gid);
            }
        }
        return OptionalInt.empty();
    }
}
