package org.procmon.reload.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.procmon.config.Checks;
import org.procmon.config.Identity;
import org.procmon.config.Lifetime;
import org.procmon.config.OutputSpec;
import org.procmon.config.ProcessSpec;

/** The differences between two specifications of a process, by the keys of the configuration. */
public final class SpecDiff {
    /** The keys that decide which exit of a run is a failure, and when there is no retry. */
    private static final Set<String> FAILURE_KEYS =
            Set.of("restart", "success_exit", "give_up", "hooks", "max_runtime", "memory_max");

    private final List<String> keys = new ArrayList<>();
    private final Set<String> atStart = new HashSet<>();

    private SpecDiff() {}

    public static SpecDiff between(ProcessSpec old, ProcessSpec now) {
        SpecDiff found = new SpecDiff();
        if (old.equals(now)) {
            return found;
        }
        found.atStart("exec", old.exec().argv(), now.exec().argv());
        found.atStart("cwd", old.cwd(), now.cwd());
        found.atStart("env", old.env(), now.env());
        found.compareIdentities(old.identity(), now.identity());
        found.atStart("stdin", old.stdin(), now.stdin());
        found.compareStreams("stdout", old.stdout(), now.stdout());
        found.compareStreams("stderr", old.stderr(), now.stderr());
        found.live("wait", old.settle(), now.settle());
        found.live("restart", old.restart(), now.restart());
        found.live("success_exit", old.successExit(), now.successExit());
        found.live("restart_delay", old.restartDelay(), now.restartDelay());
        found.live("backoff", old.backoff(), now.backoff());
        found.live("give_up", old.giveUp(), now.giveUp());
        found.live("depends", old.depends(), now.depends());
        found.live(
                "restart_on_parent_death", old.restartOnParentDeath(), now.restartOnParentDeath());
        found.live("skip", old.skip(), now.skip());
        found.live("verbose", old.verbose(), now.verbose());
        found.live("stop", old.stop(), now.stop());
        found.compareChecks(old.checks(), now.checks());
        found.live("schedule", old.triggers().schedule(), now.triggers().schedule());
        found.live("watch", old.triggers().watch(), now.triggers().watch());
        found.live("reload_signal", old.triggers().reloadSignal(), now.triggers().reloadSignal());
        found.live("hooks", old.hooks(), now.hooks());
        found.compareLifetimes(old.lifetime(), now.lifetime());
        found.live("instances", old.instance(), now.instance());
        return found;
    }

    /**
     * The same for a run that is alive and may have started with an earlier specification.
     *
     * @param forNewRun the keys that only a new run follows, and in which this run differs
     */
    public SpecDiff ofRun(List<String> forNewRun) {
        SpecDiff other = new SpecDiff();
        other.keys.addAll(forNewRun);
        other.atStart.addAll(forNewRun);
        keys.stream().filter(key -> !atStart.contains(key)).forEach(other.keys::add);
        return other;
    }

    /** The keys; empty if there is no relevant difference. */
    public List<String> keys() {
        return keys;
    }

    /** Whether one of them applies only to a new run. */
    public boolean needsRestart() {
        return !atStart.isEmpty();
    }

    /** Whether a failed process might not have failed under the other specification. */
    public boolean changesFailureRules() {
        return keys.stream().anyMatch(FAILURE_KEYS::contains);
    }

    /** The keys for which a process is restarted. */
    public List<String> demanding() {
        Set<String> demanding = needsRestart() ? atStart : FAILURE_KEYS;
        return keys.stream().filter(demanding::contains).toList();
    }

    /** The other keys. */
    public List<String> besides() {
        List<String> others = new ArrayList<>(keys);
        others.removeAll(demanding());
        return others;
    }

    private void compareIdentities(Identity old, Identity now) {
        atStart("user", old.user(), now.user());
        atStart("group", old.group(), now.group());
        atStart("groups", old.groups(), now.groups());
        atStart("umask", old.umask(), now.umask());
        atStart("chroot", old.chroot(), now.chroot());
        atStart("nice", old.nice(), now.nice());
        atStart("cpus", old.cpus(), now.cpus());
        atStart("no_new_privs", old.noNewPrivs(), now.noNewPrivs());
        atStart("capabilities", old.capabilities(), now.capabilities());
        atStart("limits", old.limits(), now.limits());
        atStart("env_file", old.envFiles(), now.envFiles());
        atStart("clear_env", old.clearEnv(), now.clearEnv());
    }

    /** A run's means to report are created at its start; probes can change at any time. */
    private void compareChecks(Checks old, Checks now) {
        atStart("ready", old.ready(), now.ready());
        live("health", old.health(), now.health());
        atStart("watchdog", old.watchdog(), now.watchdog());
    }

    private void compareLifetimes(Lifetime old, Lifetime now) {
        live("essential", old.essential(), now.essential());
        live("max_runtime", old.maxRuntime(), now.maxRuntime());
        live("memory_max", old.memoryMax(), now.memoryMax());
        live("priority", old.priority(), now.priority());
    }

    /** Captured output uses the same fifo, whichever file it goes to. */
    private void compareStreams(String key, OutputSpec old, OutputSpec now) {
        boolean sameWay = old instanceof OutputSpec.Captured && now instanceof OutputSpec.Captured;
        if (sameWay) {
            live(key, old, now);
        } else {
            atStart(key, old, now);
        }
    }

    private void live(String key, Object old, Object now) {
        if (!old.equals(now)) {
            keys.add(key);
        }
    }

    private void atStart(String key, Object old, Object now) {
        if (!old.equals(now)) {
            keys.add(key);
            atStart.add(key);
        }
    }
}
