/** Classes that break the rules of the house, for the tests of the rules. Their packages mirror those of the code under rule. */
package io.reactivep2p.archfixture;
