package org.procmon.importing.systemd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.procmon.importing.draft.HostName;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.Setting;

/**
 * The values of specifiers such as {@code %i}.
 *
 * <p>Source: systemd.unit(5), "Specifiers".
 */
final class Specifiers {
    private final UnitName unit;

    Specifiers(UnitName unit) {
        this.unit = unit;
    }

    /** The text with its specifiers replaced; warns about those that stay. */
    String expand(Setting setting, String text, ImportWarnings importWarnings) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '%' || at == text.length()) {
                out.append(c);
                continue;
            }
            char specifier = text.charAt(at++);
            String value = value(specifier);
            if (value == null) {
                importWarnings.none(
                        setting, "%" + specifier + " is left as it is; write out its value");
                out.append('%').append(specifier);
            } else {
                out.append(value);
                if ("bBvwWAM".indexOf(specifier) >= 0) {
                    importWarnings.add(
                            setting, "%" + specifier + " is written as it is now: " + value);
                }
            }
        }
        return out.toString();
    }

    private @Nullable String value(char specifier) {
        UnitFolders folders = unit.folders();
        return switch (specifier) {
            case '%' -> "%";
            case 'n' -> unit.full();
            case 'N' -> unit.bare();
            case 'p' -> unit.prefix();
            case 'P' -> unescaped(unit.prefix());
            case 'i' -> unit.instance();
            case 'I' -> unescaped(unit.instance());
            case 'j' -> last(unit.prefix());
            case 'J' -> unescaped(last(unit.prefix()));
            case 'f' ->
                    "/" + unescaped(unit.instance().isEmpty() ? unit.prefix() : unit.instance());
            case 'h' -> folders.home();
            case 's' -> folders.shell();
            case 'u', 'g' -> folders.user();
            case 'U', 'G' -> folders.ofUser() ? null : "0";
            case 't' -> folders.runtime();
            case 'S' -> folders.state();
            case 'C' -> folders.cache();
            case 'L' -> folders.logs();
            case 'E' -> folders.configuration();
            case 'T' -> "/tmp";
            case 'V' -> "/var/tmp";
            case 'y' -> unit.file().toString();
            case 'Y' -> String.valueOf(unit.file().getParent());
            case 'H' -> HostName.current();
            case 'l' -> shortName(HostName.current());
            case 'q' -> prettyName();
            case 'a' -> architecture();
            case 'm' -> firstLine("/etc/machine-id");
            case 'b' -> bootId();
            case 'v' -> firstLine("/proc/sys/kernel/osrelease");
            case 'o' -> release("ID");
            case 'w' -> release("VERSION_ID");
            case 'W' -> release("VARIANT_ID");
            case 'A' -> release("IMAGE_VERSION");
            case 'B' -> release("BUILD_ID");
            case 'M' -> release("IMAGE_ID");
            default -> null;
        };
    }

    /** The part after the last dash. */
    private static String last(String prefix) {
        return prefix.substring(prefix.lastIndexOf('-') + 1);
    }

    /** Dashes are slashes, and {@code \x2d} a dash. */
    private static String unescaped(String name) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < name.length()) {
            int code = name.startsWith("\\x", at) ? hex(name, at + 2) : -1;
            if (code >= ' ') {
                out.append((char) code);
                at += 4;
            } else {
                char c = name.charAt(at++);
                out.append(c == '-' ? '/' : c);
            }
        }
        return out.toString();
    }

    /** The value of two hex digits; -1 if it is not ASCII. */
    private static int hex(String text, int at) {
        if (at + 2 > text.length()) {
            return -1;
        }
        int high = Character.digit(text.charAt(at), 16);
        int low = Character.digit(text.charAt(at + 1), 16);
        return high < 0 || low < 0 || high > 7 ? -1 : high * 16 + low;
    }

    private static String shortName(String host) {
        int dot = host.indexOf('.');
        return dot < 0 ? host : host.substring(0, dot);
    }

    private static String prettyName() {
        String name = field("/etc/machine-info", "PRETTY_HOSTNAME");
        return name.isEmpty() ? shortName(HostName.current()) : name;
    }

    private static @Nullable String bootId() {
        String id = firstLine("/proc/sys/kernel/random/boot_id");
        return id == null ? null : id.replace("-", "");
    }

    private static String architecture() {
        return switch (System.getProperty("os.arch", "")) {
            case "amd64", "x86_64" -> "x86-64";
            case "aarch64" -> "arm64";
            case "i386", "x86" -> "x86";
            default -> System.getProperty("os.arch", "");
        };
    }

    private static String release(String key) {
        return field("/etc/os-release", key);
    }

    /** A value of a file with {@code KEY=value} lines; empty if there is none. */
    private static String field(String file, String key) {
        for (String line : read(file).split("\n", -1)) {
            if (line.startsWith(key + "=")) {
                String value = line.substring(key.length() + 1).strip();
                boolean quoted = value.length() > 1 && "\"'".indexOf(value.charAt(0)) >= 0;
                return quoted ? value.substring(1, value.length() - 1) : value;
            }
        }
        return "";
    }

    private static @Nullable String firstLine(String file) {
        String text = read(file).strip();
        return text.isEmpty() ? null : text;
    }

    private static String read(String file) {
        try {
            return new String(Files.readAllBytes(Path.of(file)), StandardCharsets.UTF_8);
        } catch (IOException _) {
            return "";
        }
    }
}
