package org.procmon.launch;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Spawn;

/**
 * What a program of the monitor's own is given, unlike a process, whose output is captured.
 *
 * @param streams its standard input, output and error
 * @param variables those that it gets beside what every child gets
 * @param held the descriptors that it gets copies of, asked for at each start
 */
public record CompanionStreams(
        Spawn.Streams streams, Map<String, String> variables, Supplier<List<Descriptor>> held) {}
