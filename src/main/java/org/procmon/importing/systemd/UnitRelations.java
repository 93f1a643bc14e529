package org.procmon.importing.systemd;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.Setting;

/** The dependencies in {@code [Unit]} sections, without cycles. */
final class UnitRelations {
    private static final String SECTION = "Unit";

    private final ImportWarnings importWarnings;
    private final Map<String, LoadedUnit> byName = new LinkedHashMap<>();
    private final Map<LoadedUnit, Set<LoadedUnit>> needs = new HashMap<>();
    private final Set<LoadedUnit> bound = new HashSet<>();

    UnitRelations(List<LoadedUnit> units, ImportWarnings importWarnings) {
        this.importWarnings = importWarnings;
        for (LoadedUnit unit : units) {
            byName.putIfAbsent(unit.name().full(), unit);
        }
        // First the order: a unit that wants another may still have to start before it.
        for (LoadedUnit unit : units) {
            for (Setting setting : unit.section(SECTION)) {
                order(unit, setting);
            }
        }
        for (LoadedUnit unit : units) {
            for (Setting setting : unit.section(SECTION)) {
                require(unit, setting);
            }
        }
    }

    /** The dependencies of a unit. */
    Set<LoadedUnit> of(LoadedUnit unit) {
        return needs.getOrDefault(unit, Set.of());
    }

    /** Whether a unit restarts together with one of its dependencies. */
    boolean isBound(LoadedUnit unit) {
        return bound.contains(unit);
    }

    private void order(LoadedUnit unit, Setting setting) {
        boolean before = setting.key().equals("Before");
        if (before || setting.key().equals("After")) {
            for (LoadedUnit other : named(unit, setting)) {
                LoadedUnit first = before ? unit : other;
                if (!add(before ? other : unit, first)) {
                    importWarnings.none(setting, "the units would wait for each other in a circle");
                }
            }
        }
    }

    private void require(LoadedUnit unit, Setting setting) {
        switch (setting.key()) {
            case "Requires", "Wants", "BindsTo", "Requisite", "Upholds" -> {
                for (LoadedUnit other : named(unit, setting)) {
                    // procmon starts all of them; a unit does not wait for one that starts later
                    // anyway.
                    boolean follows = add(unit, other);
                    if (follows && setting.key().equals("BindsTo")) {
                        bound.add(unit);
                    }
                }
            }
            case "After", "Before", "Description", "Documentation", "SourcePath" -> {}
            // Read together with the restart settings.
            case "StartLimitBurst", "StartLimitInterval", "StartLimitIntervalSec" -> {}
            case "PartOf" ->
                    importWarnings.none(
                            setting, "'depends' with 'restart_on_parent_death' comes near");
            case "Conflicts" -> {
                if (!allHarmless(setting)) {
                    importWarnings.none(setting, "no process stops another");
                }
            }
            default -> {
                if (!setting.value().isEmpty()) {
                    importWarnings.none(setting, "procmon has nothing like it");
                }
            }
        }
    }

    /** The units that a setting names; warns about those that are not imported. */
    private Set<LoadedUnit> named(LoadedUnit unit, Setting setting) {
        Set<LoadedUnit> named = new LinkedHashSet<>();
        StringTokenizer names =
                new StringTokenizer(unit.name().expand(setting, setting.value(), importWarnings));
        while (names.hasMoreTokens()) {
            String name = names.nextToken();
            LoadedUnit other = byName.get(name);
            if (other != null) {
                named.add(other);
            } else if (!isHarmless(name)) {
                importWarnings.none(
                        setting, "'" + name + "' is not among the units that are imported");
            }
        }
        return named;
    }

    private static boolean allHarmless(Setting setting) {
        StringTokenizer names = new StringTokenizer(setting.value());
        while (names.hasMoreTokens()) {
            if (!isHarmless(names.nextToken())) {
                return false;
            }
        }
        return true;
    }

    /** Whether a unit is always up before procmon starts. */
    private static boolean isHarmless(String name) {
        return name.endsWith(".target")
                || name.startsWith("systemd-")
                || name.startsWith("syslog.")
                || name.startsWith("dbus.");
    }

    /** Adds a dependency, unless that would close a cycle. */
    private boolean add(LoadedUnit unit, LoadedUnit on) {
        if (of(unit).contains(on)) {
            return true;
        }
        if (reaches(on, unit)) {
            return false;
        }
        needs.computeIfAbsent(unit, _ -> new LinkedHashSet<>()).add(on);
        return true;
    }

    private boolean reaches(LoadedUnit from, LoadedUnit to) {
        Deque<LoadedUnit> open = new ArrayDeque<>(List.of(from));
        Set<LoadedUnit> seen = new HashSet<>();
        while (!open.isEmpty()) {
            LoadedUnit at = open.pop();
            if (at == to) {
                return true;
            }
            if (seen.add(at)) {
                open.addAll(of(at));
            }
        }
        return false;
    }
}
