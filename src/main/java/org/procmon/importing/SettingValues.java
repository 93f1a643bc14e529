package org.procmon.importing;

import java.util.Locale;
import java.util.Optional;
import org.procmon.spec.Signal;

/** Values of settings that are not just text; what is none of them is refused. */
final class SettingValues {
    private static final int MOST_DIGITS = 9;

    private SettingValues() {}

    /** One of the words for yes and no that both supervisord and systemd know. */
    static boolean flag(Setting setting) throws Refusal {
        return switch (setting.value().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "1", "y", "t" -> true;
            case "false", "no", "off", "0", "n", "f" -> false;
            default -> throw bad(setting, "true or false");
        };
    }

    static int whole(Setting setting, int least, int most) throws Refusal {
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

    static Signal signal(Setting setting) throws Refusal {
        Optional<Signal> signal = Signal.parse(setting.value());
        if (signal.isEmpty()) {
            throw bad(setting, "the name of a signal such as TERM");
        }
        return signal.get();
    }

    static Refusal bad(Setting setting, String expected) {
        return Refusal.at(
                setting.spot(),
                setting.key()
                        + " must be "
                        + expected
                        + ", found '"
                        + shown(setting.value())
                        + "'");
    }

    static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static String shown(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
