package org.procmon.importing.systemd;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.procmon.importing.draft.ConfigDraft;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SourceFile;
import org.procmon.importing.draft.SourceLocation;

/**
 * Reads services and timers of systemd.
 *
 * <p>Source: systemd.unit(5).
 */
public final class SystemdImporter {
    private final ImportContext importContext;
    private final ImportWarnings importWarnings;
    private final Map<String, ProcessDraft> drafts = new LinkedHashMap<>();
    private final List<ServiceUnit> services = new ArrayList<>();
    private final List<TimerUnit> timers = new ArrayList<>();

    private SystemdImporter(ImportContext importContext) {
        this.importContext = importContext;
        this.importWarnings = importContext.notes();
    }

    public static ConfigDraft read(List<Path> paths, ImportContext importContext)
            throws ImportAborted {
        return new SystemdImporter(importContext).outline(paths);
    }

    private ConfigDraft outline(List<Path> paths) throws ImportAborted {
        for (Path path : paths) {
            read(path);
        }
        if (services.isEmpty()) {
            throw ImportAborted.at(
                    new SourceLocation(paths.getFirst(), 1), "there is nothing to run: no service");
        }
        for (TimerUnit timer : timers) {
            time(timer);
        }
        UnitRelations relations =
                new UnitRelations(
                        services.stream().map(ServiceUnit::unit).toList(), importWarnings);
        for (ServiceUnit serviceUnit : services) {
            depend(serviceUnit.unit(), serviceUnit.draft(), relations);
        }
        return new ConfigDraft(
                List.of(), top(), services.stream().map(ServiceUnit::draft).toList());
    }

    private void read(Path path) throws ImportAborted {
        UnitName name = UnitName.of(path, importContext.environment());
        Setting whole = new Setting(new SourceLocation(path, 1), "", name.full(), "");
        if (name.isTemplate()) {
            SourceFile.read(path);
            importWarnings.none(
                    whole, "a template; name an instance of it, such as " + instance(name));
        } else if (name.isService()) {
            LoadedUnit unit = LoadedUnit.read(path, name, "Service", importWarnings);
            ServiceSection section = new ServiceSection(unit, importContext);
            if (!section.hasStart()) {
                importWarnings.none(whole, "it starts nothing: there is no ExecStart");
                return;
            }
            String id = importContext.ids().of(name.bare(), whole);
            ServiceUnit serviceUnit = section.service(id);
            services.add(serviceUnit);
            // Of two files of one name, other units mean the first.
            drafts.putIfAbsent(name.full(), serviceUnit.draft());
        } else if (name.isTimer()) {
            LoadedUnit unit = LoadedUnit.read(path, name, TimerUnit.SECTION, importWarnings);
            timers.add(new TimerUnit(unit, importWarnings));
        } else {
            SourceFile.read(path);
            importWarnings.none(whole, "only services and timers are imported");
        }
    }

    private static String instance(UnitName template) {
        return template.full().replace("@.", "@1.");
    }

    private void time(TimerUnit timer) throws ImportAborted {
        ProcessDraft processDraft = drafts.get(timer.starts());
        if (processDraft == null) {
            importWarnings.none(
                    timer.whole(),
                    "'" + timer.starts() + "' is not among the units that are imported");
        } else if (processDraft.keys().containsKey("schedule")) {
            importWarnings.none(
                    timer.whole(), "another timer has given '" + timer.starts() + "' its times");
        } else {
            timer.put(processDraft);
        }
    }

    /** The defaults for all services; if they differ, each service states its own. */
    private Map<String, Object> top() {
        Map<String, Object> usual = services.getFirst().usual();
        if (services.stream().allMatch(serviceUnit -> serviceUnit.usual().equals(usual))) {
            return Map.of("defaults", usual);
        }
        services.forEach(ServiceUnit::putUsual);
        return Map.of();
    }

    private void depend(LoadedUnit unit, ProcessDraft processDraft, UnitRelations relations) {
        List<Object> depends = new ArrayList<>();
        for (LoadedUnit other : relations.of(unit)) {
            ProcessDraft on = drafts.get(other.name().full());
            if (on != null
                    && (on.keys().containsKey("schedule") || on.keys().containsKey("skip"))) {
                Setting whole = new Setting(unit.top(), "", unit.name().full(), "");
                importWarnings.add(
                        whole,
                        "it does not wait for " + other.name().full() + ", which a timer starts");
            } else if (on != null) {
                Map<String, Object> keys = on.keys();
                // A oneshot is up once its work is done.
                boolean completes =
                        other.isOfType("oneshot") && !"always".equals(keys.get("restart"));
                String id = String.valueOf(keys.get("id"));
                depends.add(completes ? completed(id) : id);
            }
        }
        if (!depends.isEmpty()) {
            processDraft.put("depends", depends);
        }
        if (relations.isBound(unit)) {
            processDraft.put("restart_on_parent_death", true);
        }
    }

    private static Map<String, Object> completed(String id) {
        Map<String, Object> dependency = new LinkedHashMap<>();
        dependency.put("on", id);
        dependency.put("when", "completed");
        return dependency;
    }
}
