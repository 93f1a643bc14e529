package org.procmon.importing;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The formats that can be imported. */
public enum SourceFormat {
    SUPERVISORD("supervisord", false),
    PROCFILE("procfile", false),
    SYSTEMD("systemd", true);

    private final String word;
    private final boolean takesMany;

    SourceFormat(String word, boolean takesMany) {
        this.word = word;
        this.takesMany = takesMany;
    }

    /** The name that users give. */
    public String word() {
        return word;
    }

    /** Whether several files make one configuration. */
    public boolean takesMany() {
        return takesMany;
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
