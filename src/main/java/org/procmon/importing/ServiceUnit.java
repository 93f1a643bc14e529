package org.procmon.importing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings of a service of systemd, by the section that they stand in. */
final class ServiceUnit {
    private final SourceFile file;
    private final UnitName name;
    private final Map<String, List<Setting>> sections = new LinkedHashMap<>();

    private ServiceUnit(SourceFile file, UnitName name) {
        this.file = file;
        this.name = name;
    }

    /** Reads a unit; tells of sections that mean nothing here. */
    static ServiceUnit read(SourceFile file, UnitName name, Notes notes) throws Refusal {
        ServiceUnit unit = new ServiceUnit(file, name);
        for (Block block : UnitFile.read(file)) {
            switch (block.name()) {
                case "Unit", "Service" ->
                        unit.sections
                                .computeIfAbsent(block.name(), _ -> new ArrayList<>())
                                .addAll(block.settings());
                case "Install" -> {}
                default -> {
                    if (!block.name().startsWith("X-")) {
                        notes.none(block.whole(), "the section is left out");
                    }
                }
            }
        }
        if (!unit.sections.containsKey("Service")) {
            throw Refusal.at(unit.top(), "there is no section [Service]");
        }
        return unit;
    }

    UnitName name() {
        return name;
    }

    /** The beginning of its file. */
    Spot top() {
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

    /** Whether its {@code Type} is this one. */
    boolean isOfType(String type) {
        Setting setting = last("Service", "Type");
        return setting != null && setting.value().equals(type);
    }
}
