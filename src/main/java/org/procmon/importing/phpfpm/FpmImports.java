package org.procmon.importing.phpfpm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.procmon.config.reader.Glob;
import org.procmon.importing.draft.FileSection;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SourceFile;
import org.procmon.importing.draft.SourceLocation;

/**
 * The sections of all files of php-fpm: those that were named, and those that {@code include}
 * names. Sections of the same name are one.
 */
final class FpmImports {
    static final String INCLUDE = "include";

    private static final int MOST_FILES = 2000;

    /** More text than any number of real pools has; each file has a limit of its own. */
    private static final long MOST_CHARACTERS = 32 << 20;

    private final ImportContext importContext;
    private final Map<String, FileSection> sections = new LinkedHashMap<>();
    private final Set<Path> seen = new HashSet<>();
    private long characters;

    FpmImports(ImportContext importContext) {
        this.importContext = importContext;
    }

    /** Reads a file, and those that it includes, each once. */
    void add(Path path) throws ImportAborted {
        List<Path> waiting = new ArrayList<>(List.of(path));
        while (!waiting.isEmpty()) {
            Path next = waiting.removeFirst();
            if (seen.add(real(next))) {
                waiting.addAll(read(SourceFile.read(next)));
            }
        }
    }

    List<FileSection> sections() {
        return List.copyOf(sections.values());
    }

    /** Reads one file; returns those that it includes. */
    private List<Path> read(SourceFile file) throws ImportAborted {
        SourceLocation start = file.spot(0);
        characters += file.lines().stream().mapToLong(String::length).sum();
        if (seen.size() > MOST_FILES || characters > MOST_CHARACTERS) {
            throw ImportAborted.at(start, "all files together are too many or too large");
        }
        List<Path> included = new ArrayList<>();
        FileSection none = new FileSection(start, "", new ArrayList<>());
        for (FileSection section : FpmIniFile.read(file, none)) {
            for (Setting setting : section.settings()) {
                if (setting.key().equals(INCLUDE)) {
                    included.addAll(included(setting));
                }
            }
            section.settings().removeIf(setting -> setting.key().equals(INCLUDE));
            if (!section.name().isEmpty()) {
                FileSection earlier = sections.putIfAbsent(section.name(), section);
                if (earlier != null) {
                    earlier.settings().addAll(section.settings());
                }
            }
        }
        return included;
    }

    private List<Path> included(Setting setting) {
        String pattern = FpmValue.text(setting.value());
        List<Path> files = Glob.files(setting.spot().folder(), pattern);
        if (files.isEmpty()) {
            importContext.notes().add(setting, "no file is named " + pattern);
        }
        return files;
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException _) {
            return path.toAbsolutePath().normalize();
        }
    }
}
