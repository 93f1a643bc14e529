package org.procmon.importing.systemd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;
import org.procmon.config.Capability;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.PrintableText;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;

/**
 * The capabilities of a systemd service.
 *
 * <p>Source: systemd.exec(5), "Capabilities"; capabilities(7).
 */
final class ServiceCapabilities {
    private static final String SECTION = "Service";
    private static final String BOUNDING = "CapabilityBoundingSet";
    private static final String AMBIENT = "AmbientCapabilities";

    private final LoadedUnit unit;
    private final ImportWarnings importWarnings;

    ServiceCapabilities(LoadedUnit unit, ImportWarnings importWarnings) {
        this.unit = unit;
        this.importWarnings = importWarnings;
    }

    static boolean reads(String key) {
        return key.equals(BOUNDING) || key.equals(AMBIENT);
    }

    /**
     * Puts the key {@code capabilities}: all that a process has, and all that it can ever get.
     *
     * @param root whether the service runs as root
     */
    void put(ProcessDraft processDraft, boolean root) {
        Setting bounds = unit.given(SECTION, BOUNDING);
        Setting gifts = unit.given(SECTION, AMBIENT);
        Set<Capability> bounding = set(BOUNDING, EnumSet.allOf(Capability.class));
        Set<Capability> ambient = set(AMBIENT, EnumSet.noneOf(Capability.class));
        boolean bounded = bounds != null && bounding.size() < Capability.values().length;
        if (root) {
            // Root has all of them in any case.
            if (bounds != null && bounded) {
                processDraft.put("capabilities", here(bounds, bounding));
            }
            return;
        }
        Set<Capability> had = EnumSet.copyOf(ambient);
        had.retainAll(bounding);
        if (had.isEmpty()) {
            if (bounds != null && bounded && bounding.isEmpty()) {
                processDraft.put("capabilities", List.of());
            } else if (bounds != null && bounded) {
                importWarnings.none(
                        bounds,
                        "what only bounds other programs is left out; 'capabilities' would also"
                                + " grant it");
            }
            return;
        }
        Setting telling = bounded && bounds != null ? bounds : gifts;
        if (telling != null) {
            processDraft.put("capabilities", here(telling, had));
            if (!had.equals(bounding)) {
                importWarnings.add(
                        telling,
                        "programs with rights of their own, such as sudo, get no more than"
                                + " 'capabilities' either");
            }
        }
    }

    /** Several lines add up, except those with a tilde, which remove. */
    private Set<Capability> set(String key, Set<Capability> usual) {
        @Nullable Set<Capability> set = null;
        for (Setting setting : unit.section(SECTION)) {
            if (!setting.key().equals(key)) {
                continue;
            }
            boolean inverted = setting.value().startsWith("~");
            String names = inverted ? setting.value().substring(1) : setting.value();
            Set<Capability> named = named(setting, names);
            Set<Capability> these = inverted ? EnumSet.complementOf(EnumSet.copyOf(named)) : named;
            if (set == null || names.isBlank()) {
                set = EnumSet.copyOf(these);
            } else if (inverted) {
                set.retainAll(these);
            } else {
                set.addAll(these);
            }
        }
        return set == null ? usual : set;
    }

    private EnumSet<Capability> named(Setting setting, String names) {
        EnumSet<Capability> named = EnumSet.noneOf(Capability.class);
        StringTokenizer words = new StringTokenizer(names);
        while (words.hasMoreTokens()) {
            String word = words.nextToken();
            Optional<Capability> capability = Capability.parse(word);
            capability.ifPresent(named::add);
            if (capability.isEmpty()) {
                importWarnings.add(
                        setting, PrintableText.quoted(word, 60) + " is no capability here");
            }
        }
        return named;
    }

    /** The capabilities that exist on this machine; a process cannot keep others. */
    private List<Object> here(Setting setting, Set<Capability> wanted) {
        long available = available();
        List<Object> kept = new ArrayList<>();
        for (Capability capability : wanted) {
            if ((available & capability.bit()) != 0) {
                kept.add(capability.word());
            } else if (!setting.value().startsWith("~")) {
                importWarnings.none(
                        setting, capability.word() + " is not to be had on this machine");
            }
        }
        return kept;
    }

    private static long available() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("CapBnd:")) {
                    return Long.parseUnsignedLong(line.substring(7).strip(), 16);
                }
            }
        } catch (IOException | NumberFormatException _) {
            // Then all of them are.
        }
        return -1;
    }
}
