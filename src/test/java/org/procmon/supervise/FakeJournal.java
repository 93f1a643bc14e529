package org.procmon.supervise;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.procmon.supervise.port.AcceptedConfig;
import org.procmon.supervise.port.Journal;
import org.procmon.supervise.port.JournalEntry;

/** A journal in memory, which outlives the monitors that a test lets die. */
final class FakeJournal implements Journal {
    private final Map<String, JournalEntry> kept = new LinkedHashMap<>();
    private boolean shuttingDown;

    /** Whether a configuration was accepted that not all follow yet. */
    boolean reloading;

    /** Called when a configuration is to be accepted: why it cannot be. */
    Supplier<Optional<String>> onAccept = Optional::empty;

    @Override
    public Optional<String> accept(AcceptedConfig config) {
        return onAccept.get();
    }

    @Override
    public void keep(JournalEntry process) {
        kept.put(process.name(), process);
    }

    @Override
    public void drop(String name) {
        kept.remove(name);
    }

    @Override
    public void shuttingDown() {
        shuttingDown = true;
    }

    @Override
    public void reloaded() {
        reloading = false;
    }

    /** As after an orderly end. */
    void beginAnew() {
        shuttingDown = false;
    }

    List<JournalEntry> all() {
        return List.copyOf(kept.values());
    }

    boolean isShuttingDown() {
        return shuttingDown;
    }
}
