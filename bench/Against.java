import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Compares two builds of procmon that have taken turns: {@code Against PART NOW BEFORE} reads the figures that the runs
 * of a part have left, one file for each build. A ratio is that of two runs beside each other, so that both have met
 * the same machine; below 1, the figure of now is the smaller.
 */
class Against {
    private record Figure(String format, List<Double> values) {}

    /** Adds a figure of this run. */
    static void note(String figure, String format, double value) {
        try {
            Files.writeString(
                    Path.of(System.getenv("BENCH_FIGURES")),
                    figure + "\t" + format + "\t" + value + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void main(String[] args) throws IOException {
        Map<String, Figure> now = read(Path.of(args[1]));
        Map<String, Figure> before = read(Path.of(args[2]));
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("figure", "now", "before", "now / before", "least", "most"));
        now.forEach((name, figure) -> {
            List<Double> others = before.get(name).values();
            List<Double> ratios =
                    IntStream.range(0, others.size())
                            .filter(i -> others.get(i) != 0)
                            .mapToObj(i -> figure.values().get(i) / others.get(i))
                            .sorted()
                            .toList();
            rows.add(
                    List.of(
                            name,
                            figure.format().formatted(Bench.median(figure.values())),
                            figure.format().formatted(Bench.median(others)),
                            ratios.isEmpty() ? "-" : "%.2f".formatted(Bench.median(ratios)),
                            ratios.isEmpty() ? "-" : "%.2f".formatted(ratios.getFirst()),
                            ratios.isEmpty() ? "-" : "%.2f".formatted(ratios.getLast())));
        });
        int runs = now.values().iterator().next().values().size();
        Table.print("%s: two builds in turns, medians of %d runs each".formatted(args[0], runs), rows);
    }

    private static Map<String, Figure> read(Path file) throws IOException {
        Map<String, Figure> figures = new LinkedHashMap<>();
        for (String line : Files.readAllLines(file)) {
            String[] words = line.split("\t");
            figures.computeIfAbsent(words[0], name -> new Figure(words[1], new ArrayList<>()))
                    .values()
                    .add(Double.parseDouble(words[2]));
        }
        return figures;
    }
}
