package org.procmon.launch;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Spawn;

/**
 * The streams and variables of one of the monitor's own programs, unlike a process, whose output is
 * captured.
 *
 * @param streams its standard input, output and error
 * @param variables its variables in addition to those of every child
 * @param held the descriptors that it gets copies of, asked for at each start
 */
public record CompanionStreams(
        Spawn.Streams streams, Map<String, String> variables, Supplier<List<Descriptor>> held) {}
