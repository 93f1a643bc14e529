package org.procmon.reload.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.procmon.config.Identity;
import org.procmon.config.InputSpec;
import org.procmon.config.OutputSpec;
import org.procmon.config.ProcessSpec;

/**
 * The specification that a run started with, in short: a hash of the value of each key that only a
 * new run follows. A later monitor, which no longer has the specification, can so name the keys in
 * which a run differs from the present one.
 *
 * <p>The text is {@code KEY:HASH} for each key that is not at its default, separated by spaces. A
 * key added by a later version counts as default in the text of this version, so it makes no
 * difference.
 */
public final class SpecFingerprint {
    private static final int FNV_OFFSET = 0x811c9dc5;
    private static final int FNV_PRIME = 0x01000193;
    private static final char BETWEEN = '\0';

    private final StringBuilder text = new StringBuilder();

    private SpecFingerprint() {}

    /** The fingerprint of a run that starts now. */
    public static String of(ProcessSpec spec) {
        SpecFingerprint fingerprint = new SpecFingerprint();
        fingerprint.add("exec", spec.exec().argv());
        if (!spec.exec().version().isEmpty()) {
            fingerprint.add("program", spec.exec().version());
        }
        if (spec.cwd().isPresent()) {
            fingerprint.add("cwd", spec.cwd().get());
        }
        if (!spec.env().isEmpty()) {
            fingerprint.add("env", new TreeMap<>(spec.env()));
        }
        fingerprint.addIdentity(spec.identity());
        if (!spec.stdin().equals(InputSpec.DEFAULT)) {
            fingerprint.add("stdin", spec.stdin());
        }
        fingerprint.addStream("stdout", spec.stdout());
        fingerprint.addStream("stderr", spec.stderr());
        fingerprint.addIfAny("ready", spec.checks().ready());
        fingerprint.addIfAny("watchdog", spec.checks().watchdog());
        return fingerprint.text.toString();
    }

    /**
     * The keys in which two fingerprints differ; none if one of them is unknown.
     *
     * @param began the fingerprint of a run; "" if it is unknown
     * @param now the fingerprint of the present specification
     */
    public static List<String> difference(String began, String now) {
        if (began.isEmpty() || now.isEmpty() || began.equals(now)) {
            return List.of();
        }
        Map<String, String> left = parse(began);
        List<String> keys = new ArrayList<>();
        parse(now)
                .forEach((key, hash) -> {
                    if (!hash.equals(left.remove(key))) {
                        keys.add(key);
                    }
                });
        left.keySet().stream().sorted().forEach(keys::add);
        return keys;
    }

    private static Map<String, String> parse(String fingerprint) {
        Map<String, String> hashes = new HashMap<>();
        for (String part : fingerprint.split(" ", 0)) {
            int colon = part.indexOf(':');
            if (colon > 0) {
                hashes.put(part.substring(0, colon), part.substring(colon + 1));
            }
        }
        return hashes;
    }

    private void addIdentity(Identity identity) {
        if (identity.equals(Identity.DEFAULT)) {
            return;
        }
        addIfAny("user", identity.user());
        addIfAny("group", identity.group());
        addIfAny("groups", identity.groups());
        addIfAny("umask", identity.umask());
        addIfAny("chroot", identity.chroot());
        addIfAny("nice", identity.nice());
        addIfAny("cpus", identity.cpus());
        addIf(identity.noNewPrivs(), "no_new_privs");
        addIfAny("capabilities", identity.capabilities());
        if (!identity.limits().isEmpty()) {
            add("limits", identity.limits());
        }
        if (!identity.envFiles().isEmpty()) {
            add("env_file", identity.envFiles());
        }
        addIf(identity.clearEnv(), "clear_env");
    }

    /** Captured output uses the same fifo, whichever file it goes to. */
    private void addStream(String key, OutputSpec output) {
        switch (output) {
            case OutputSpec.Captured _ -> {}
            case OutputSpec.Inherited inherited ->
                    add(key, inherited.descriptor().isEmpty() ? "inherit" : inherited);
            case OutputSpec.Discarded _ -> add(key, "null");
            case OutputSpec.WithStdout _ -> add(key, "stdout");
        }
    }

    private void addIf(boolean set, String key) {
        if (set) {
            add(key, "true");
        }
    }

    private void addIfAny(String key, Optional<?> value) {
        value.ifPresent(v -> add(key, v));
    }

    private void addIfAny(String key, OptionalInt value) {
        value.ifPresent(v -> add(key, v));
    }

    private void add(String key, Object value) {
        int hash = FNV_OFFSET;
        if (value instanceof List<?> list) {
            for (Object element : list) {
                hash = mixed(mixed(hash, element.toString()), BETWEEN);
            }
        } else if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                hash = mixed(mixed(hash, entry.getKey().toString()), '=');
                hash = mixed(mixed(hash, entry.getValue().toString()), BETWEEN);
            }
        } else {
            hash = mixed(hash, value.toString());
        }
        if (!text.isEmpty()) {
            text.append(' ');
        }
        text.append(key).append(':').append(Integer.toHexString(hash));
    }

    /** FNV-1a over UTF-16 units; it only detects edits, and need not resist attacks. */
    private static int mixed(int hash, String value) {
        int mixed = hash;
        for (int i = 0; i < value.length(); i++) {
            mixed = mixed(mixed, value.charAt(i));
        }
        return mixed;
    }

    private static int mixed(int hash, char unit) {
        int low = (hash ^ (unit & 0xff)) * FNV_PRIME;
        return (low ^ (unit >> 8)) * FNV_PRIME;
    }
}
