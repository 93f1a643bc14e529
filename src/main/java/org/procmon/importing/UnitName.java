package org.procmon.importing;

import java.nio.file.Path;

/**
 * The name of a unit, such as {@code web@1.service}, and what stands for it in its settings.
 *
 * <p>Source: systemd.unit(5), "Specifiers".
 */
record UnitName(String full) {
    private static final String SERVICE = ".service";

    static UnitName of(Path file) {
        Path name = file.getFileName();
        return new UnitName(name == null ? "" : name.toString());
    }

    boolean isService() {
        return full.endsWith(SERVICE) && full.length() > SERVICE.length();
    }

    /** Whether it stands for units that are yet to be named. */
    boolean isTemplate() {
        return full.endsWith("@" + SERVICE);
    }

    /** Without its kind. */
    String bare() {
        int dot = full.lastIndexOf('.');
        return dot < 0 ? full : full.substring(0, dot);
    }

    private String prefix() {
        int sign = bare().indexOf('@');
        return sign < 0 ? bare() : bare().substring(0, sign);
    }

    private String instance() {
        int sign = bare().indexOf('@');
        return sign < 0 ? "" : bare().substring(sign + 1);
    }

    /** The text with the specifiers replaced that are about names; of others it is told. */
    String expand(Setting setting, String text, Notes notes) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '%' || at == text.length()) {
                out.append(c);
                continue;
            }
            char specifier = text.charAt(at++);
            switch (specifier) {
                case '%' -> out.append('%');
                case 'n' -> out.append(full);
                case 'N' -> out.append(bare());
                case 'p' -> out.append(prefix());
                case 'i', 'I' -> out.append(instance());
                default -> {
                    notes.none(setting, "%" + specifier + " is left as it is; write out its value");
                    out.append('%').append(specifier);
                }
            }
        }
        return out.toString();
    }
}
