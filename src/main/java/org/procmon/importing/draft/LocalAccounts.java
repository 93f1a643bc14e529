package org.procmon.importing.draft;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The users and groups in the account files of this machine.
 *
 * <p>Source: passwd(5), group(5).
 */
public record LocalAccounts(Path passwd, Path group) {
    /** The field of a line of passwd(5) with the number of the primary group. */
    private static final int PRIMARY = 3;

    /** The field of a line of group(5) with the number of the group. */
    private static final int GID = 2;

    private static final int HOME = 5;
    private static final int SHELL = 6;

    /** Shells that do not allow a login. */
    private static final Pattern NO_SHELL =
            Pattern.compile("(/usr)?/s?bin/nologin|(/usr)?/bin/(false|true)|");

    private static final int MEMBERS = 3;

    public static LocalAccounts ofThisMachine() {
        return new LocalAccounts(Path.of("/etc/passwd"), Path.of("/etc/group"));
    }

    /** The home of a user, given by name or number; null if there is no such user. */
    public @Nullable String home(String user) {
        String[] line = line(user);
        return line == null || line.length <= HOME || line[HOME].isEmpty() ? null : line[HOME];
    }

    /** The primary group of a user, by name or else by number; null if there is no such user. */
    public @Nullable String primaryGroup(String user) {
        String[] line = line(user);
        if (line == null) {
            return null;
        }
        for (String[] entry : lines(group)) {
            if (entry.length > GID && entry[GID].equals(line[PRIMARY])) {
                return entry[0];
            }
        }
        return line[PRIMARY];
    }

    /**
     * Which of HOME and SHELL are meaningless for a user: the root directory as home, or a shell
     * that does not allow a login. systemd knows root and nobody without looking them up, and a
     * user created for one service has neither.
     */
    public List<String> placeholders(String user) {
        if (user.equals("root") || user.equals("0")) {
            return List.of();
        }
        String[] line = user.equals("nobody") || user.equals("65534") ? null : line(user);
        List<String> none = new ArrayList<>();
        if (line == null || line[HOME].replace("/", "").isEmpty()) {
            none.add("HOME");
        }
        if (line == null || line.length <= SHELL || NO_SHELL.matcher(line[SHELL]).matches()) {
            none.add("SHELL");
        }
        return none;
    }

    /** The groups that list a user as a member. */
    public List<String> groups(String user) {
        String[] line = line(user);
        String name = line == null ? user : line[0];
        List<String> groups = new ArrayList<>();
        for (String[] entry : lines(group)) {
            if (entry.length > MEMBERS && List.of(entry[MEMBERS].split(",", -1)).contains(name)) {
                groups.add(entry[0]);
            }
        }
        return groups;
    }

    private String @Nullable [] line(String user) {
        boolean number = SettingValues.isDigits(user);
        for (String[] entry : lines(passwd)) {
            if (entry.length > HOME && entry[number ? 2 : 0].equals(user)) {
                return entry;
            }
        }
        return null;
    }

    private static List<String[]> lines(Path file) {
        List<String[]> lines = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                lines.add(line.split(":", -1));
            }
        } catch (IOException _) {
            // An account that cannot be looked up counts as missing.
        }
        return lines;
    }
}
