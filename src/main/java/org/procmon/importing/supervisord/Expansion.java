package org.procmon.importing.supervisord;

import java.util.Map;
import org.procmon.importing.draft.EnvDraft;
import org.procmon.importing.draft.EnvPlaceholders;
import org.procmon.importing.draft.HostName;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.Setting;

/**
 * Replaces {@code %(name)s} and {@code %(name)02d} in a value of supervisord's. A variable of the
 * environment, {@code %(ENV_NAME)s}, becomes a mark of {@link EnvPlaceholders}.
 *
 * <p>Source: "String expressions" in supervisord's manual; Python's {@code %} operator.
 */
final class Expansion {
    private static final String ENVIRONMENT = "ENV_";
    private static final int WIDEST = 9;

    private Expansion() {}

    /**
     * The value with all expressions replaced.
     *
     * @param names the names that expressions may use besides {@code here}, {@code host_node_name}
     *     and variables
     */
    static String of(Setting setting, Map<String, String> names) throws ImportAborted {
        String value = setting.value();
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < value.length()) {
            char c = value.charAt(at);
            if (c != '%') {
                out.append(c);
                at++;
            } else if (value.startsWith("%%", at)) {
                out.append('%');
                at += 2;
            } else {
                at = expression(setting, at, names, out);
            }
        }
        return out.toString();
    }

    private static int expression(
            Setting setting, int start, Map<String, String> names, StringBuilder out)
            throws ImportAborted {
        String value = setting.value();
        int close = value.indexOf(')', start);
        if (!value.startsWith("%(", start) || close < 0) {
            throw ImportAborted.at(
                    setting.spot(), "a % begins no %(name)s here; one that means itself is %%");
        }
        int at = close + 1;
        while (at < value.length() && value.charAt(at) >= '0' && value.charAt(at) <= '9') {
            at++;
        }
        String width = value.substring(close + 1, at);
        String name = value.substring(start + 2, close);
        boolean number = at < value.length() && value.charAt(at) == 'd';
        boolean text = at < value.length() && value.charAt(at) == 's';
        if (!number && !text) {
            throw ImportAborted.at(
                    setting.spot(), "%(" + name + ") must be followed by s, d or such as 02d");
        }
        String found = value(setting, name, names);
        if (number) {
            out.append(padded(setting, name, found, width));
        } else {
            int least = width.isEmpty() || width.length() > 2 ? 0 : Integer.parseInt(width);
            out.append(" ".repeat(Math.max(0, least - found.length()))).append(found);
        }
        return at + 1;
    }

    private static String value(Setting setting, String name, Map<String, String> names)
            throws ImportAborted {
        // Values from the file beat the environment.
        String known = names.get(name);
        if (known != null) {
            return known;
        }
        String variable = name.startsWith(ENVIRONMENT) ? name.substring(4) : "";
        if (EnvDraft.isName(variable)) {
            return EnvPlaceholders.whole(variable);
        }
        return switch (name) {
            case "here" -> setting.spot().folder().toString();
            case "host_node_name" -> HostName.current();
            default ->
                    throw ImportAborted.at(setting.spot(), "%(" + name + ")s stands for nothing");
        };
    }

    private static String padded(Setting setting, String name, String found, String width)
            throws ImportAborted {
        boolean digits = !found.isEmpty();
        for (int i = 0; i < found.length(); i++) {
            digits &= found.charAt(i) >= '0' && found.charAt(i) <= '9';
        }
        if (!digits || width.length() > 2) {
            throw ImportAborted.at(setting.spot(), "%(" + name + ")" + width + "d is no number");
        }
        int least = width.isEmpty() ? 0 : Math.min(WIDEST, Integer.parseInt(width));
        String pad = width.startsWith("0") ? "0" : " ";
        return pad.repeat(Math.max(0, least - found.length())) + found;
    }
}
