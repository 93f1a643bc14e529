package org.procmon.importing.draft;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.procmon.config.ProcessName;

/** Gives each process a valid and unique name, and warns where that is not its old one. */
public final class UniqueNames {
    /** A worker's name has a dot and up to four digits more. */
    private static final int LONGEST_POOL = ProcessName.MAX_LENGTH - 5;

    private static final Pattern NUMBERED = Pattern.compile("(.*)\\.(\\d{1,4})$");

    private final Set<String> taken = new HashSet<>();
    private final ImportWarnings importWarnings;

    UniqueNames(ImportWarnings importWarnings) {
        this.importWarnings = importWarnings;
    }

    /**
     * The name of a process.
     *
     * @param wanted the name that it had
     * @param setting the setting with that name
     */
    public String of(String wanted, Setting setting) {
        return of(wanted, valid(wanted), ProcessName.MAX_LENGTH, setting);
    }

    /**
     * The name of a pool, which leaves room for the number of a worker, and is not the name of a
     * worker of another pool.
     *
     * @param wanted the name that it had
     * @param setting the setting with that name
     */
    public String ofPool(String wanted, Setting setting) {
        String valid = NUMBERED.matcher(valid(wanted)).replaceFirst("$1-$2");
        int end = Math.min(valid.length(), LONGEST_POOL);
        return of(wanted, valid.substring(0, end), LONGEST_POOL, setting);
    }

    private String of(String wanted, String valid, int longest, Setting setting) {
        String id = valid;
        for (int number = 2; ProcessName.isReserved(id) || !taken.add(id); number++) {
            String suffix = "-" + number;
            int most = longest - suffix.length();
            id = valid.substring(0, Math.min(valid.length(), most)) + suffix;
        }
        if (!valid.equals(wanted)) {
            importWarnings.add(
                    setting,
                    "'" + shown(wanted) + "' is not valid as a name here; it is now '" + id + "'");
        } else if (!id.equals(wanted)) {
            String why = ProcessName.isReserved(wanted) ? "reserved" : "taken already";
            importWarnings.add(
                    setting, "the name '" + wanted + "' is " + why + "; it is now '" + id + "'");
        }
        return id;
    }

    private static String valid(String wanted) {
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < wanted.length() && id.length() < ProcessName.MAX_LENGTH; i++) {
            char c = wanted.charAt(i);
            // After a letter, any valid character of a name may follow.
            if (ProcessName.isValid(id.isEmpty() ? String.valueOf(c) : "a" + c)) {
                id.append(c);
            } else if (!id.isEmpty()) {
                id.append('-');
            }
        }
        return id.isEmpty() ? "process" : id.toString();
    }

    private static String shown(String name) {
        return name.length() <= 2 * ProcessName.MAX_LENGTH
                ? name
                : name.substring(0, 2 * ProcessName.MAX_LENGTH) + "…";
    }
}
