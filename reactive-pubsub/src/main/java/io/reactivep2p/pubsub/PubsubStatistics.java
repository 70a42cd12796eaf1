package io.reactivep2p.pubsub;

/**
 * Counts since a {@link Pubsub} was made.
 *
 * @param published messages published here
 * @param received messages received, duplicates and invalid ones included
 * @param duplicates messages received that were known
 * @param rejected messages found invalid
 * @param ignored messages dropped without blame: nobody here subscribes, a validator said so, or too many were being validated
 * @param delivered messages put into subscribers' queues, counted for each
 * @param lostBySubscribers messages that subscribers lost by their {@link Overflow}
 * @param lostByPeers messages not sent since a peer's queue was full
 * @param malformedRpcs RPCs that could not be read, each of which ended a stream
 * @param droppedParts parts of messages (gossipsub 1.3) that were dropped: of peers or topics where they were not agreed on, not requested,
 *     too many or too long, too long to be sent, or such that the application failed at them
 */
public record PubsubStatistics(
        long published,
        long received,
        long duplicates,
        long rejected,
        long ignored,
        long delivered,
        long lostBySubscribers,
        long lostByPeers,
        long malformedRpcs,
        long droppedParts) {}
