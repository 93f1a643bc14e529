package org.procmon.config;

/**
 * The rule for process names: {@code [A-Za-z0-9][A-Za-z0-9._@:-]{0,127}}. Such a name needs no
 * quoting in a shell, a file name, a query or JSON.
 */
public final class ProcessName {
    public static final int MAX_LENGTH = 128;

    private ProcessName() {}

    /** Whether the text is a valid name. Reserved names are valid, too: they are only taken. */
    public static boolean isValid(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH || !isAlphanumeric(text.charAt(0))) {
            return false;
        }
        for (int i = 1; i < text.length(); i++) {
            if (!mayHold(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** The names of the monitors and of their helper processes, and the word for all. */
    public static boolean isReserved(String name) {
        return name.equals("procmon1")
                || name.equals("procmon2")
                || name.equals("procmon-keeper")
                || name.equals("procmon-keeper2")
                || name.equals(NamePattern.EVERY_NAME);
    }

    private static boolean mayHold(char c) {
        return isAlphanumeric(c) || c == '.' || c == '_' || c == '@' || c == ':' || c == '-';
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
