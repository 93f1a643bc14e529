package org.procmon.front.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A file with an entry a line; empty lines and those that begin with # do not count. */
final class SecretLines {
    private static final int LARGEST = 1 << 20;
    private static final int LONGEST_NAME = 255;

    private SecretLines() {}

    /**
     * One line.
     *
     * @param number from 1
     * @param name before the first colon
     * @param rest after it
     */
    record Line(int number, String name, String rest) {
        IOException wrong(Path file, String reason) {
            return new IOException(file + ", line " + number + ": " + reason);
        }
    }

    /**
     * All entries.
     *
     * @throws IOException with the reason, for people
     */
    static List<Line> read(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LARGEST + 1);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file, e);
        } catch (AccessDeniedException e) {
            throw new IOException("may not read " + file, e);
        } catch (IOException e) {
            throw new IOException("cannot read " + file + ": " + e.getMessage(), e);
        }
        if (bytes.length > LARGEST) {
            throw new IOException(file + " has more than " + LARGEST + " bytes");
        }
        List<Line> lines = new ArrayList<>();
        int number = 0;
        for (String text : new String(bytes, UTF_8).split("\n", -1)) {
            number++;
            String line = text.strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                int colon = line.indexOf(':');
                String name = colon < 0 ? "" : line.substring(0, colon);
                Line read = new Line(number, name, line.substring(colon + 1));
                check(read, file);
                lines.add(read);
            }
        }
        return lines;
    }

    private static void check(Line line, Path file) throws IOException {
        if (line.name().isEmpty()) {
            throw line.wrong(file, "there is no name before a colon");
        }
        if (line.name().length() > LONGEST_NAME
                || line.name().chars().anyMatch(Character::isISOControl)) {
            throw line.wrong(file, "the name is too long, or has control characters");
        }
    }
}
