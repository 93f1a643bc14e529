package org.procmon.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Damage to what monitors have written, while there is none.
 *
 * @param what in words
 * @param names whose record may be gone, and with it what was decided about them
 * @param all whether all records may be gone
 * @param scale whether the number of instances that was asked for may be gone
 */
record ChaosDamage(String what, List<String> names, boolean all, boolean scale) {
    private static final String SUFFIX = ".json";
    private static final int WAYS = 6;

    /** Damages something. */
    static ChaosDamage inflict(Path state, Random random) throws IOException {
        Path journal = state.resolve("journal");
        List<Path> records = filesIn(journal);
        Path monitor = state.resolve("monitor.json");
        Path configuration = state.resolve("configuration");
        return switch (random.nextInt(WAYS)) {
            case 0 -> {
                String how = damage(monitor, random);
                yield new ChaosDamage("monitor.json " + how, List.of(), false, false);
            }
            case 1 -> {
                String how = damage(configuration, random);
                yield new ChaosDamage("configuration " + how, List.of(), false, true);
            }
            case 2 -> {
                for (Path record : records) {
                    Files.deleteIfExists(record);
                }
                yield new ChaosDamage("journal removed", List.of(), true, false);
            }
            case 3 -> {
                for (Path record : records) {
                    Files.write(record, new byte[] {'{'});
                }
                Files.deleteIfExists(monitor);
                Files.deleteIfExists(configuration);
                yield new ChaosDamage("all records spoiled", List.of(), true, true);
            }
            default -> {
                Path record = records.get(random.nextInt(records.size()));
                String file = record.getFileName().toString();
                List<String> names =
                        file.endsWith(SUFFIX)
                                ? List.of(file.substring(0, file.length() - SUFFIX.length()))
                                : List.of();
                yield new ChaosDamage("a record " + damage(record, random), names, false, false);
            }
        };
    }

    /** Whether what was decided about a process may be gone. */
    boolean covers(String name) {
        return all || names.contains(name);
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(Files::isRegularFile).sorted().forEach(found::add);
        }
        return found;
    }

    private static String damage(Path file, Random random) throws IOException {
        byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        return switch (bytes.length == 0 ? 2 : random.nextInt(3)) {
            case 0 -> {
                Files.write(file, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
                yield "cut";
            }
            case 1 -> {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, bytes);
                yield "changed";
            }
            default -> {
                Files.deleteIfExists(file);
                yield "removed";
            }
        };
    }
}
