package org.procmon.importing;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The formats that can be imported. */
public enum SourceFormat {
    SUPERVISORD("supervisord", Operands.FILE),
    PROCFILE("procfile", Operands.FILE),
    SYSTEMD("systemd", Operands.FILES),
    PHP_FPM("php-fpm", Operands.FILES),
    SPAWN_FCGI("spawn-fcgi", Operands.COMMAND),
    SPAWN_PHP("spawn-php", Operands.FILE),
    LIGHTTPD("lighttpd", Operands.FILE),
    MONO_FPM("mono-fpm", Operands.FILES),
    JULIA_FPM("julia-fpm", Operands.COMMAND);

    /** What is named behind the format. */
    private enum Operands {
        FILE,
        FILES,
        COMMAND
    }

    private final String word;
    private final Operands operands;

    SourceFormat(String word, Operands operands) {
        this.word = word;
        this.operands = operands;
    }

    /** The name that users give. */
    public String word() {
        return word;
    }

    /** Whether several files make one configuration. */
    public boolean takesMany() {
        return operands == Operands.FILES;
    }

    /** Whether it is a command with options of its own, instead of files. */
    public boolean isCommand() {
        return operands == Operands.COMMAND;
    }

    /** Whether a format with this name is a command. */
    public static boolean isCommand(String word) {
        SourceFormat format = of(word);
        return format != null && format.isCommand();
    }

    /** The format with this name. */
    public static @Nullable SourceFormat of(String word) {
        for (SourceFormat format : values()) {
            if (format.word.equals(word)) {
                return format;
            }
        }
        return null;
    }

    /** The names of all formats. */
    public static List<String> words() {
        List<String> words = new ArrayList<>();
        for (SourceFormat format : values()) {
            words.add(format.word);
        }
        return words;
    }
}
