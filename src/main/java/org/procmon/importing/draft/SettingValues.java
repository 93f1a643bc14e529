package org.procmon.importing.draft;

import java.util.Locale;
import java.util.Optional;
import org.procmon.config.Signal;

/** Parses values of settings that are not plain text; refuses invalid ones. */
public final class SettingValues {
    private static final int MOST_DIGITS = 9;

    private SettingValues() {}

    /** One of the words for yes and no that both supervisord and systemd know. */
    public static boolean flag(Setting setting) throws ImportAborted {
        return switch (setting.value().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "1", "y", "t" -> true;
            case "false", "no", "off", "0", "n", "f" -> false;
            default -> throw bad(setting, "true or false");
        };
    }

    public static int whole(Setting setting, int least, int most) throws ImportAborted {
        String text = setting.value();
        String digits = text.startsWith("-") ? text.substring(1) : text;
        if (isDigits(digits) && digits.length() <= MOST_DIGITS) {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw bad(setting, "a number from " + least + " to " + most);
    }

    public static Signal signal(Setting setting) throws ImportAborted {
        Optional<Signal> signal = Signal.parse(setting.value());
        if (signal.isEmpty()) {
            throw bad(setting, "the name of a signal such as TERM");
        }
        return signal.get();
    }

    /** procmon's word for a signal. */
    public static String word(Signal signal) {
        return signal.word();
    }

    /** The name or the number of a user or a group. */
    public static String account(Setting setting, String name) throws ImportAborted {
        boolean good = !name.isEmpty() && (!isDigits(name) || name.length() < 10);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            good &= c > ' ' && c != ':' && c != ',' && !Character.isISOControl(c);
        }
        if (!good || name.startsWith("@") || name.startsWith("-")) {
            throw badValue(setting, "the name of an account", name);
        }
        return name;
    }

    /** The permission bits that a umask removes, in octal digits. */
    public static String octal(Setting setting, String digits) throws ImportAborted {
        if (!digits.matches("0{0,5}[0-7]{1,3}")) {
            throw badValue(setting, "octal digits such as 022", digits);
        }
        return digits;
    }

    public static ImportAborted bad(Setting setting, String expected) {
        return badValue(setting, expected, setting.value());
    }

    private static ImportAborted badValue(Setting setting, String expected, String value) {
        return ImportAborted.at(
                setting.spot(),
                setting.key()
                        + " must be "
                        + expected
                        + ", found "
                        + PrintableText.quoted(value, 60));
    }

    public static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
