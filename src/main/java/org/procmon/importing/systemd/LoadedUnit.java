package org.procmon.importing.systemd;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procmon.importing.draft.FileSection;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SourceFile;
import org.procmon.importing.draft.SourceLocation;

/** The settings of a systemd unit, by section. */
final class LoadedUnit {
    private final SourceFile file;
    private final UnitName name;
    private final Map<String, List<Setting>> sections = new LinkedHashMap<>();

    private LoadedUnit(SourceFile file, UnitName name) {
        this.file = file;
        this.name = name;
    }

    /**
     * Reads a unit with its drop-ins; warns about sections that have no meaning here.
     *
     * @param own the section that only units of this kind have
     */
    static LoadedUnit read(Path path, UnitName name, String own, ImportWarnings importWarnings)
            throws ImportAborted {
        LoadedUnit unit = new LoadedUnit(SourceFile.read(existing(path, name)), name);
        unit.add(unit.file, own, importWarnings);
        for (Path dropIn : DropIns.of(name)) {
            unit.add(SourceFile.read(dropIn), own, importWarnings);
        }
        if (!unit.sections.containsKey(own)) {
            throw ImportAborted.at(unit.top(), "there is no section [" + own + "]");
        }
        return unit;
    }

    /** An instance may have a file of its own; otherwise its template's file is used. */
    private static Path existing(Path path, UnitName name) {
        Path template = path.resolveSibling(name.template());
        boolean instance = !name.template().isEmpty() && !Files.exists(path);
        return instance && Files.exists(template) ? template : path;
    }

    private void add(SourceFile source, String own, ImportWarnings importWarnings)
            throws ImportAborted {
        for (FileSection fileSection : UnitFile.read(source, importWarnings)) {
            if (fileSection.name().equals("Unit") || fileSection.name().equals(own)) {
                sections.computeIfAbsent(fileSection.name(), _ -> new ArrayList<>())
                        .addAll(fileSection.settings());
            } else if (!fileSection.name().equals("Install")
                    && !fileSection.name().startsWith("X-")) {
                importWarnings.none(fileSection.whole(), "the section is left out");
            }
        }
    }

    UnitName name() {
        return name;
    }

    /** The start of its file. */
    SourceLocation top() {
        return file.spot(0);
    }

    List<Setting> section(String section) {
        return sections.getOrDefault(section, List.of());
    }

    /** The values of a key that may be given several times; an empty one drops those before. */
    List<Setting> all(String section, String key) {
        List<Setting> found = new ArrayList<>();
        for (Setting setting : section(section)) {
            if (setting.key().equals(key)) {
                if (setting.value().isEmpty()) {
                    found.clear();
                } else {
                    found.add(setting);
                }
            }
        }
        return found;
    }

    /** The last value of a key; null if there is none, or an empty one. */
    @Nullable Setting last(String section, String key) {
        List<Setting> all = all(section, key);
        return all.isEmpty() ? null : all.getLast();
    }

    /** The last value of a key, even if it is empty; null if there is none. */
    @Nullable Setting given(String section, String key) {
        Setting last = null;
        for (Setting setting : section(section)) {
            last = setting.key().equals(key) ? setting : last;
        }
        return last;
    }

    /** Whether its {@code Type} is this one. */
    boolean isOfType(String type) {
        Setting setting = last("Service", "Type");
        return setting != null && setting.value().equals(type);
    }
}
