package org.procmon.importing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads services of systemd.
 *
 * <p>Source: systemd.unit(5).
 */
final class SystemdImporter {
    private final Surroundings surroundings;
    private final Map<String, Draft> drafts = new LinkedHashMap<>();
    private final List<ServiceUnit> units = new ArrayList<>();

    private SystemdImporter(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    static Outline read(List<Path> paths, Surroundings surroundings) throws Refusal {
        return new SystemdImporter(surroundings).outline(paths);
    }

    private Outline outline(List<Path> paths) throws Refusal {
        List<Draft> all = new ArrayList<>();
        for (Path path : paths) {
            SourceFile file = SourceFile.read(path);
            UnitName name = UnitName.of(path);
            Setting whole = new Setting(file.spot(0), "", name.full(), "");
            if (!name.isService()) {
                surroundings.notes().none(whole, "only services are imported");
            } else if (name.isTemplate()) {
                surroundings
                        .notes()
                        .none(whole, "a template; import a copy that is named after its instance");
            } else {
                ServiceUnit unit = ServiceUnit.read(file, name, surroundings.notes());
                String id = surroundings.ids().of(name.bare(), whole);
                Draft draft = new ServiceSection(unit, surroundings).draft(id);
                all.add(draft);
                // Of two files of one name the first is meant by others.
                drafts.putIfAbsent(name.full(), draft);
                units.add(unit);
            }
        }
        if (all.isEmpty()) {
            throw Refusal.at(new Spot(paths.getFirst(), 1), "there is nothing to run: no service");
        }
        UnitRelations relations = new UnitRelations(units, surroundings.notes());
        for (int i = 0; i < units.size(); i++) {
            depend(units.get(i), all.get(i), relations);
        }
        return new Outline(List.of(), Map.of(), all);
    }

    private void depend(ServiceUnit unit, Draft draft, UnitRelations relations) {
        List<Object> depends = new ArrayList<>();
        for (ServiceUnit other : relations.of(unit)) {
            Draft on = drafts.get(other.name().full());
            if (on != null) {
                Map<String, Object> keys = on.keys();
                // A oneshot is up once it has done its work.
                boolean completes =
                        other.isOfType("oneshot") && !"always".equals(keys.get("restart"));
                String id = String.valueOf(keys.get("id"));
                depends.add(completes ? completed(id) : id);
            }
        }
        if (!depends.isEmpty()) {
            draft.put("depends", depends);
        }
        if (relations.isBound(unit)) {
            draft.put("restart_on_parent_death", true);
        }
    }

    private static Map<String, Object> completed(String id) {
        Map<String, Object> dependency = new LinkedHashMap<>();
        dependency.put("on", id);
        dependency.put("when", "completed");
        return dependency;
    }
}
