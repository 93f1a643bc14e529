package org.procmon.importing.systemd;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.PrintableText;
import org.procmon.importing.draft.ProcessLimits;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SettingValues;
import org.procmon.importing.draft.TimeSpan;

/**
 * The limits of a systemd service.
 *
 * <p>Source: systemd.exec(5), "Process Properties", LimitCPU and similar settings.
 */
final class ServiceLimits {
    private static final String PREFIX = "Limit";
    private static final String FILES = "nofile";
    private static final String UNLIMITED = "unlimited";

    /** The result for an invalid number. */
    private static final double BAD = -1;

    private static final double MOST = 1L << 53;

    /** The kernel counts niceness from 40, the best, down to 1. */
    private static final int NICE_CEILING = 20;

    private ServiceLimits() {}

    static boolean reads(String key) {
        return !resource(key).isEmpty();
    }

    static Map<String, Object> of(LoadedUnit unit, ImportWarnings importWarnings) {
        Map<String, Object> limits = new LinkedHashMap<>();
        for (Setting setting : unit.section("Service")) {
            String resource = resource(setting.key());
            if (resource.isEmpty()) {
                continue;
            }
            String value = setting.value();
            if (value.isEmpty()) {
                limits.remove(resource);
                continue;
            }
            int colon = value.indexOf(':');
            String soft = one(resource, colon < 0 ? value : value.substring(0, colon));
            String hard = colon < 0 ? soft : one(resource, value.substring(colon + 1));
            if (resource.equals(FILES)) {
                soft = possible(setting, soft, importWarnings);
                hard = possible(setting, hard, importWarnings);
            }
            if (soft.isEmpty() || hard.isEmpty() || isAbove(soft, hard)) {
                importWarnings.none(setting, PrintableText.quoted(value, 60) + " is no limit");
            } else {
                limits.put(resource, soft.equals(hard) ? soft : soft + ":" + hard);
            }
        }
        return limits;
    }

    /** systemd uses the kernel's maximum if a unit asks for more. */
    private static String possible(Setting setting, String limit, ImportWarnings importWarnings) {
        long most = ProcessLimits.mostFiles();
        boolean more =
                limit.equals(UNLIMITED) || (!limit.isEmpty() && Double.parseDouble(limit) > most);
        if (more) {
            importWarnings.add(setting, "the kernel permits " + most + " now; see fs.nr_open");
        }
        return more ? String.valueOf(most) : limit;
    }

    private static boolean isAbove(String soft, String hard) {
        if (hard.equals(UNLIMITED)) {
            return false;
        }
        return soft.equals(UNLIMITED) || Double.parseDouble(soft) > Double.parseDouble(hard);
    }

    /** A limit as prlimit(1) reads it; empty if the text is not one. */
    private static String one(String resource, String text) {
        String value = text.strip();
        if (value.equals("infinity")) {
            return UNLIMITED;
        }
        double number =
                switch (resource) {
                    case "as", "core", "data", "fsize", "memlock", "msgqueue", "rss", "stack" ->
                            bytes(value);
                    case "cpu" -> Math.ceil(time(value, 1));
                    case "rttime" -> Math.ceil(time(value, 1e-6) * 1e6);
                    case "nice" -> niceness(value);
                    default -> plain(value);
                };
        return number < 0 || number > MOST ? "" : String.valueOf((long) number);
    }

    private static double plain(String digits) {
        return SettingValues.isDigits(digits) ? Double.parseDouble(digits) : BAD;
    }

    /** Units are powers of 1024, and a number may have a fraction. */
    private static double bytes(String value) {
        int end = value.length();
        while (end > 0 && "KMGTPEB".indexOf(value.charAt(end - 1)) >= 0) {
            end--;
        }
        String unit = value.substring(end);
        int power = unit.isEmpty() || unit.equals("B") ? 0 : 1 + "KMGTPE".indexOf(unit.charAt(0));
        if (unit.length() > 1 || !isNumber(value.substring(0, end))) {
            return BAD;
        }
        return Math.floor(Double.parseDouble(value.substring(0, end)) * Math.pow(1024, power));
    }

    private static boolean isNumber(String text) {
        return SettingValues.isDigits(text.replaceFirst("\\.", "")) && !text.startsWith(".");
    }

    private static double time(String value, double bare) {
        return SettingValues.isDigits(value)
                ? Double.parseDouble(value) * bare
                : TimeSpan.parsed(value);
    }

    /** A niceness with its sign, or the kernel's own number. */
    private static double niceness(String value) {
        boolean signed = value.startsWith("+") || value.startsWith("-");
        double number = plain(signed ? value.substring(1) : value);
        double nice = value.startsWith("-") ? -number : number;
        if (number < 0 || !signed) {
            return number;
        }
        return nice < -NICE_CEILING || nice >= NICE_CEILING ? BAD : NICE_CEILING - nice;
    }

    /** The name of a limit, as in {@code LimitNOFILE}; empty if the key is not one. */
    private static String resource(String key) {
        return switch (key) {
            case "LimitAS",
                    "LimitCORE",
                    "LimitCPU",
                    "LimitDATA",
                    "LimitFSIZE",
                    "LimitLOCKS",
                    "LimitMEMLOCK",
                    "LimitMSGQUEUE",
                    "LimitNICE",
                    "LimitNOFILE",
                    "LimitNPROC",
                    "LimitRSS",
                    "LimitRTPRIO",
                    "LimitRTTIME",
                    "LimitSIGPENDING",
                    "LimitSTACK" ->
                    key.substring(PREFIX.length()).toLowerCase(Locale.ROOT);
            default -> "";
        };
    }
}
