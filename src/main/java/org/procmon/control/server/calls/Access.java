package org.procmon.control.server.calls;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.List;
import java.util.Optional;
import org.procmon.config.ControlSpec;
import org.procmon.control.protocol.OnBehalf;
import org.procmon.events.Actor;

/**
 * The access rights. Root, the user that the monitor runs as and the configured operators may do
 * everything. All others that could open the socket may read, or only the configured viewers if
 * there are any. Thread-safe.
 */
public final class Access {
    /** What a user may do. */
    public enum Right {
        NOTHING,
        LOOK,
        OPERATE
    }

    private static final String ROOT = "root";
    private static final Path OWN_PROCESS = Path.of("/proc/self");

    private final List<String> operators;
    private final List<String> viewers;
    private final WebAccess web;
    private final GroupMembership groups;
    private final UserPrincipalLookupService accounts =
            FileSystems.getDefault().getUserPrincipalLookupService();

    public Access(ControlSpec control, GroupMembership groups) {
        this.operators = direct(control.operators());
        this.viewers = direct(control.viewers());
        this.web = new WebAccess(control);
        this.groups = groups;
    }

    /** The right of this peer. May read the account database, so it may block. */
    public Right of(Peer peer) {
        if (isOwn(peer) || isAmong(operators, peer)) {
            return Right.OPERATE;
        }
        return viewers.isEmpty() || isAmong(viewers, peer) ? Right.LOOK : Right.NOTHING;
    }

    /** Whether it is root, or the user that the monitor runs as. */
    public static boolean isOwn(Peer peer) {
        return peer.name().equals(ROOT) || isOwnUser(peer.user());
    }

    /**
     * The rights of a peer that makes a call for itself or for another user.
     *
     * @param right the peer's own right
     * @param isOwn whether it is root or the monitor's own user
     */
    public CallerRights standing(
            Peer peer, Right right, boolean isOwn, Optional<OnBehalf> onBehalf) {
        if (onBehalf.isEmpty()) {
            return new CallerRights(new Actor(peer.name(), Optional.empty()), right, isOwn, false);
        }
        Actor.Web sender = new Actor.Web(onBehalf.get().user(), onBehalf.get().address());
        Right allowed = web.of(sender.user());
        boolean narrowed = allowed.compareTo(right) < 0;
        return new CallerRights(
                new Actor(peer.name(), Optional.of(sender)),
                narrowed ? allowed : right,
                isOwn,
                narrowed);
    }

    private static List<String> direct(List<String> entries) {
        return entries.stream().filter(e -> !e.startsWith(ControlSpec.WEB_USER)).toList();
    }

    private static boolean isOwnUser(UserPrincipal user) {
        try {
            return Files.getOwner(OWN_PROCESS).equals(user);
        } catch (IOException _) {
            return false;
        }
    }

    private boolean isAmong(List<String> named, Peer peer) {
        for (String entry : named) {
            if (entry.startsWith("@") ? isIn(entry.substring(1), peer) : isUser(entry, peer)) {
                return true;
            }
        }
        return false;
    }

    private boolean isUser(String entry, Peer peer) {
        try {
            // Principals are equal by their uid; an entry of digits is resolved to a uid, too.
            return entry.equals(peer.name())
                    || accounts.lookupPrincipalByName(entry).equals(peer.user());
        } catch (IOException _) {
            return false;
        }
    }

    private boolean isIn(String group, Peer peer) {
        try {
            return group.equals(peer.group().getName())
                    || accounts.lookupPrincipalByGroupName(group).equals(peer.group())
                    || groups.isMember(peer.name(), group);
        } catch (IOException _) {
            return false;
        }
    }
}
