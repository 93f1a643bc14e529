package org.procmon.launch.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.procmon.config.Capability;
import org.procmon.config.Identity;
import org.procmon.posix.Account;
import org.procmon.posix.Accounts;
import org.procmon.posix.Errno;

/**
 * The credentials of a program: the keys {@code user}, {@code group} and {@code groups} looked up
 * in the user database each time. The lookup may block. Any thread.
 */
public final class CredentialResolver {
    private static final String USER = "user";
    private static final String GROUP = "group";
    private static final String GROUPS = "groups";
    private static final String NOBODYS_HOME = "/";
    private static final String NOBODYS_SHELL = "/bin/sh";

    private CredentialResolver() {}

    /**
     * What changes.
     *
     * @param uid empty if it is the monitor's own
     * @param gid empty if it is the monitor's own
     * @param groups empty if they are the monitor's own
     * @param variables those that name a program's user; none if no user is named
     */
    public record Person(
            OptionalInt uid,
            OptionalInt gid,
            Optional<List<Integer>> groups,
            Map<String, String> variables) {}

    public static Person of(Identity identity, OwnPrivileges ownPrivileges) throws LaunchRefused {
        OptionalInt gid = OptionalInt.empty();
        if (identity.group().isPresent()) {
            gid = OptionalInt.of(groupId(identity.group().get(), GROUP));
        }
        Optional<List<Integer>> groups = Optional.empty();
        if (identity.groups().isPresent()) {
            List<Integer> ids = new ArrayList<>();
            for (String group : identity.groups().get()) {
                ids.add(groupId(group, GROUPS));
            }
            groups = Optional.of(ids);
        }
        if (identity.user().isEmpty()) {
            return sameUser(gid, groups, Map.of(), identity, ownPrivileges);
        }
        String user = identity.user().get();
        String action = "run as user '" + user + "'";
        Optional<Account> account = account(user, action);
        int uid = account.isPresent() ? account.get().uid() : Integer.parseUnsignedInt(user);
        Map<String, String> variables =
                account.isPresent() ? variables(account.get()) : variables(user);
        if (uid == ownPrivileges.uid()) {
            return sameUser(gid, groups, variables, identity, ownPrivileges);
        }
        if (gid.isEmpty() && account.isEmpty()) {
            throw new LaunchRefused(
                    USER, "cannot " + action + ": it has no account, so it needs the key 'group'");
        }
        ownPrivileges.need(Capability.SETUID, USER, action);
        ownPrivileges.need(Capability.SETGID, USER, action);
        int primary = gid.isPresent() ? gid.getAsInt() : account.get().gid();
        if (groups.isEmpty()) {
            groups =
                    Optional.of(
                            account.isPresent()
                                    ? Accounts.groups(account.get().name(), primary)
                                    : List.of());
        }
        return new Person(OptionalInt.of(uid), OptionalInt.of(primary), groups, variables);
    }

    /** For a process that keeps the monitor's own user. */
    private static Person sameUser(
            OptionalInt gid,
            Optional<List<Integer>> groups,
            Map<String, String> variables,
            Identity identity,
            OwnPrivileges ownPrivileges)
            throws LaunchRefused {
        OptionalInt other = gid;
        if (gid.isPresent() && gid.getAsInt() == ownPrivileges.gid()) {
            other = OptionalInt.empty();
        }
        if (other.isPresent()) {
            String group = identity.group().orElse("");
            ownPrivileges.need(Capability.SETGID, GROUP, "run with group '" + group + "'");
        }
        if (groups.isPresent()) {
            ownPrivileges.need(Capability.SETGID, GROUPS, "set the groups");
        }
        return new Person(OptionalInt.empty(), other, groups, variables);
    }

    /** Empty for a number without an account. */
    private static Optional<Account> account(String user, String action) throws LaunchRefused {
        return switch (Accounts.userOf(user)) {
            case Accounts.Found.There(Account account) -> Optional.of(account);
            case Accounts.Found.Nobody _ -> {
                if (Accounts.number(user).isEmpty()) {
                    throw new LaunchRefused(USER, "cannot " + action + ": there is no such user");
                }
                yield Optional.empty();
            }
            case Accounts.Found.Unknown unknown ->
                    throw LaunchRefused.forNow("cannot " + action + ": " + unknown.errno().words());
        };
    }

    private static int groupId(String group, String key) throws LaunchRefused {
        String action = "cannot run with group '" + group + "': ";
        return switch (Accounts.gid(group)) {
            case Accounts.FoundId.There(int gid) -> gid;
            case Accounts.FoundId.Nobody _ ->
                    throw new LaunchRefused(key, action + "there is no such group");
            case Accounts.FoundId.Unknown(Errno errno) ->
                    throw LaunchRefused.forNow(action + errno.words());
        };
    }

    private static Map<String, String> variables(Account account) {
        Map<String, String> variables = new HashMap<>();
        variables.put("HOME", account.home());
        variables.put("USER", account.name());
        variables.put("LOGNAME", account.name());
        variables.put("SHELL", account.shell().isEmpty() ? NOBODYS_SHELL : account.shell());
        return variables;
    }

    private static Map<String, String> variables(String uid) {
        return Map.of("HOME", NOBODYS_HOME, "USER", uid, "LOGNAME", uid, "SHELL", NOBODYS_SHELL);
    }
}
