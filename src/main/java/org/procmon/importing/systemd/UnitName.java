package org.procmon.importing.systemd;

import java.nio.file.Path;
import java.util.Map;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.Setting;

/**
 * The name of a unit, such as {@code web@1.service}, and the values of specifiers in its settings.
 *
 * @param file its file, as an absolute path
 * @param folders those of the unit's manager
 */
record UnitName(String full, Path file, UnitFolders folders) {
    private static final String SERVICE = ".service";

    static UnitName of(Path file, Map<String, String> environment) {
        Path name = file.getFileName();
        return new UnitName(
                name == null ? "" : name.toString(),
                file.toAbsolutePath().normalize(),
                UnitFolders.of(file, environment));
    }

    boolean isService() {
        return isOf(SERVICE);
    }

    boolean isTimer() {
        return isOf(".timer");
    }

    private boolean isOf(String kind) {
        return full.endsWith(kind) && full.length() > kind.length();
    }

    /** Whether it is a template without an instance name. */
    boolean isTemplate() {
        return bare().endsWith("@");
    }

    /** The name of the template that it is an instance of; empty if it is none. */
    String template() {
        int sign = full.indexOf('@');
        int dot = full.lastIndexOf('.');
        return sign < 0 || dot <= sign + 1 ? "" : full.substring(0, sign + 1) + full.substring(dot);
    }

    /** The name without the unit type. */
    String bare() {
        int dot = full.lastIndexOf('.');
        return dot < 0 ? full : full.substring(0, dot);
    }

    /** The part before the instance. */
    String prefix() {
        int sign = bare().indexOf('@');
        return sign < 0 ? bare() : bare().substring(0, sign);
    }

    /** The instance name; empty if it is not an instance of a template. */
    String instance() {
        int sign = bare().indexOf('@');
        return sign < 0 ? "" : bare().substring(sign + 1);
    }

    /** The text with its specifiers replaced; warns about those that stay. */
    String expand(Setting setting, String text, ImportWarnings importWarnings) {
        return new Specifiers(this).expand(setting, text, importWarnings);
    }
}
