package org.procmon.importing.phpfpm;

import java.util.ArrayList;
import java.util.List;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.Setting;

/**
 * Settings of PHP as arguments of php-cgi.
 *
 * <p>Source: php.net, {@code php_value} and what follows it; php(1), {@code -d}: what is behind the
 * sign is read as a line of php.ini.
 */
final class PhpDirectives {
    private static final List<String> KINDS =
            List.of("php_value", "php_flag", "php_admin_value", "php_admin_flag");

    private PhpDirectives() {}

    /** The program with its arguments. */
    static List<String> command(String program, FpmSettings settings, ImportWarnings importWarnings)
            throws ImportAborted {
        List<String> command = new ArrayList<>(List.of(program));
        for (String kind : KINDS) {
            for (Setting written : settings.takeAll(kind)) {
                Setting setting = settings.unquoted(written);
                String value = setting.value();
                if (value.indexOf('\n') >= 0) {
                    throw ImportAborted.at(setting.spot(), "the value has several lines");
                }
                if (kind.startsWith("php_admin_")) {
                    importWarnings.add(
                            setting,
                            "set by -d, so a script can change it with ini_set() where PHP allows"
                                    + " that");
                }
                command.add("-d");
                command.add(
                        FpmSettings.inner(setting) + "=" + shown(value, isQuoted(written, value)));
            }
        }
        return command;
    }

    /** Whether it is text: an expression such as {@code E_ALL & ~E_NOTICE} is written bare. */
    private static boolean isQuoted(Setting written, String value) {
        return FpmValue.isQuoted(written.value()) && !value.isEmpty();
    }

    private static String shown(String value, boolean quoted) {
        boolean plain = value.chars().allMatch(PhpDirectives::isPlain);
        return quoted && !plain
                ? '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"'
                : value;
    }

    private static boolean isPlain(int c) {
        return Character.isLetterOrDigit(c) || "./:-_,".indexOf(c) >= 0;
    }
}
